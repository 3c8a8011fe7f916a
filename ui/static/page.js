// Small manners of the chat page that its framework has no setting for.
(() => {
  "use strict";

  // A new question moves to the top of the window, so that its answer is read from its beginning.
  // Messages carry their HTML as their label; a screen reader should hear who speaks instead.
  function look() {
    for (const bot of document.querySelectorAll('#wm-chat [data-testid="bot"][aria-label*="<"]')) {
      bot.setAttribute("aria-label", "Answer");
    }
    for (const user of document.querySelectorAll('#wm-chat [data-testid="user"][aria-label*="<"]')) {
      user.setAttribute("aria-label", "Your question");
    }
    // The chat is a live region that is drawn anew with every claim: it is heard once, when the answer is whole.
    const log = document.querySelector('#wm-chat [role="log"]');
    const busy = String(document.querySelector("#wm-chat .wm-coming") !== null);
    if (log && log.getAttribute("aria-busy") !== busy) log.setAttribute("aria-busy", busy);
    // A mark is named by its place in the guide, not by a number alone; the tip takes the place of the browser's own.
    for (const mark of document.querySelectorAll("#wm-chat .wm-mark[title]")) {
      mark.setAttribute("aria-label", `Source ${mark.textContent}: ${mark.title}`);
      mark.removeAttribute("title");
    }
    const questions = document.querySelectorAll("#wm-chat .user-row");
    const newest = questions[questions.length - 1];
    if (questions.length > 1) makeRoom(newest);
    if (questions.length > seen && questions.length > 1) newest.scrollIntoView({ block: "start", behavior: "smooth" });
    seen = questions.length;
  }

  // As much room below the newest question as it takes to stand at the top of the window while its answer grows.
  function makeRoom(question) {
    const talk = document.querySelector("#wm-chat .message-wrap");
    const box = document.querySelector("#wm-foot");
    if (!talk || !box) return;
    const height = talk.lastElementChild.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
    talk.style.paddingBottom = `${Math.max(10, window.innerHeight - box.offsetHeight - height - 20)}px`;
  }

  // What has happened, said to a screen reader and shown for a moment: see #wm-told in chat.css.
  const told = document.createElement("div");
  told.id = "wm-told";
  told.setAttribute("role", "status");
  document.body.append(told);

  let seen = 0;
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
})();
