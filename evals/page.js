const box = document.getElementById('words'), pick = document.getElementById('pick');
const cases = [...document.querySelectorAll('details.case')], count = document.getElementById('count');
const texts = cases.map(each => each.textContent.toLowerCase());
function show() {
  const words = box.value.toLowerCase(), at = pick.value.indexOf('=');
  const name = pick.value.slice(0, Math.max(at, 0)), value = pick.value.slice(at + 1);
  let left = 0;
  cases.forEach((each, i) => {
    const stays = texts[i].includes(words) && (!name || each.dataset[name].split('\n').includes(value));
    each.hidden = !stays; left += stays;
  });
  count.textContent = left + ' of ' + cases.length;
}
box.addEventListener('input', show); pick.addEventListener('change', show); show();
