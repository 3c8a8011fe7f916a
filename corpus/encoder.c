/* The forward pass of a BERT model in int8, one text at a time, on processors with AVX-512 and its byte products (VNNI).

   A text of 185 tokens is 2 billion multiplications, which such a processor does in some 6 ms of one core. What is added
   to a sum (its scale, a bias, the Gelu) is done while the sum is in the cache, where a runtime that knows single
   operators writes it to memory and reads it back for each: that is what there is to gain.

   `model` is what corpus/encoder.py writes: a Header, then, all of it aligned to 64 bytes, in the order of use
     words (vocabulary, width), places (places, width), gain (width)                                 of the embeddings
     and for each layer: query, key, value as Product and bias (width); the attention's output as Product,
     bias of the residual (width), gain (width); its bias (width), then `blocks` times up as Product, bias (width), down
     as Product; gain (width); at last the bias (width) of the last norm.
   A Product is a matrix of width x width: bytes in panels of 64 columns, within one in steps of 4 rows, column by column;
   scale (width) of each column; scale times the sum of the column's bytes (width). A norm's gain is in the matrices that
   read it as well, its bias in theirs, so that what lies between two layers is a row of mean 0 and variance 1. Queries
   are scaled such that weights of the attention are powers of two.

   Built as a plain library (not a module of Python) and called by corpus/encoder.py, which checks what it passes. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int32_t vocabulary, places, width, heads, layers, blocks;
    float epsilon;
    int32_t unused[9];
} Header;

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define FAST __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma")))
#define PART static inline __attribute__((always_inline)) FAST

enum { ROWS = 6, COLUMNS = 64 };  /* of a tile: 24 sums, 4 weights and 1 value fill 29 of 32 registers */
enum { MOST_TOKENS = 512, LANES = 16 };

int encoder_runs_here(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma");
}

/* 2^x within 1e-7 of itself, by a polynomial fitted to the part of x behind the point. */
PART __m512 power_of_two(__m512 x) {
    __m512 whole = _mm512_roundscale_ps(x, 0), part = _mm512_sub_ps(x, whole), sum = _mm512_set1_ps(1.327646056e-3f);
    sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(9.675541243e-3f));
    sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(5.550713309e-2f));
    sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(2.402211973e-1f));
    sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(6.931469670e-1f));
    sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(1.000000072f));
    return _mm512_scalef_ps(sum, whole);
}

/* x times the normal distribution at x, which a polynomial gives within 2e-5 up to 4 and which is flat beyond. */
PART __m512 gelu(__m512 x) {
    static const float by[] = {3.988810124e-01f,  -6.632362624e-02f, 9.815798846e-03f,  -1.112855300e-03f, 9.494009191e-05f,
                               -5.860581847e-06f, 2.440832986e-07f,  -6.066863848e-09f, 6.740332734e-11f};
    __m512 near = _mm512_min_ps(_mm512_max_ps(x, _mm512_set1_ps(-4.f)), _mm512_set1_ps(4.f));
    __m512 square = _mm512_mul_ps(near, near), sum = _mm512_set1_ps(by[8]);
    for (int k = 7; k >= 0; k--) sum = _mm512_fmadd_ps(sum, square, _mm512_set1_ps(by[k]));
    return _mm512_mul_ps(x, _mm512_fmadd_ps(sum, near, _mm512_set1_ps(.5f)));
}

/* Rows as bytes, each with a scale of its own that spans its values and zero: value = step * (byte - zero). */
typedef struct {
    uint8_t *bytes;
    float *step, *zero;
} Bytes;

FAST static void to_bytes(const float *from, int rows, int width, Bytes to) {
    for (int r = 0; r < rows; r++, from += width) {
        __m512 low = _mm512_setzero_ps(), high = low;
        for (int c = 0; c < width; c += LANES) {
            __m512 x = _mm512_loadu_ps(from + c);
            low = _mm512_min_ps(low, x);
            high = _mm512_max_ps(high, x);
        }
        float least = _mm512_reduce_min_ps(low), span = _mm512_reduce_max_ps(high) - least;
        float step = span > 0 ? span / 255 : 1;
        __m512 by = _mm512_set1_ps(1 / step);
        __m512i zero = _mm512_cvtps_epi32(_mm512_set1_ps(-least / step));
        for (int c = 0; c < width; c += LANES) {
            __m512i x = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(from + c), by));
            x = _mm512_max_epi32(_mm512_add_epi32(x, zero), _mm512_setzero_si512());
            _mm_storeu_si128((__m128i *)(to.bytes + (size_t)r * width + c), _mm512_cvtusepi32_epi8(x));
        }
        to.step[r] = step;
        to.zero[r] = _mm512_cvtss_f32(_mm512_cvtepi32_ps(zero));
    }
}

/* Sums are registers with names, and the instruction that adds to one is written out: GCC 12 keeps an array of them in
   memory, and moves them to and fro around its own functions for these instructions, which takes twice the time. */
#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define ADD_BYTES(sum, x, y) __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(x), "v"(y))
#define ADD_FLOATS(sum, x, y) __asm__("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(x), "v"(y))

/* ROWS rows of bytes times one panel of a matrix. */
FAST static void tile(const uint8_t *rows, long width, const int8_t *panel, __m512i to[ROWS][4]) {
#define BEGIN(r) __m512i s##r##0 = _mm512_setzero_si512(), s##r##1 = s##r##0, s##r##2 = s##r##0, s##r##3 = s##r##0;
#define STEP(r)                                                                                                       \
    memcpy(&four, rows + r * width + k, 4);                                                                           \
    x = _mm512_set1_epi32(four);                                                                                      \
    ADD_BYTES(s##r##0, x, w0); ADD_BYTES(s##r##1, x, w1); ADD_BYTES(s##r##2, x, w2); ADD_BYTES(s##r##3, x, w3);
#define END(r) to[r][0] = s##r##0, to[r][1] = s##r##1, to[r][2] = s##r##2, to[r][3] = s##r##3;
    EACH_ROW(BEGIN)
    for (long k = 0; k < width; k += 4, panel += 4 * COLUMNS) {
        __m512i w0 = _mm512_load_si512(panel), w1 = _mm512_load_si512(panel + 64);
        __m512i w2 = _mm512_load_si512(panel + 128), w3 = _mm512_load_si512(panel + 192), x;
        int32_t four;
        EACH_ROW(STEP)
    }
    EACH_ROW(END)
#undef BEGIN
#undef STEP
#undef END
}

typedef struct {
    const int8_t *bytes;
    const float *scale, *offset;
} Product;

enum { SET, BEND, ADD };  /* to = product + bias, to = gelu(product + bias), to += product */

PART void multiply_and(int what, Bytes from, int rows, int width, Product by, const float *bias, float *to) {
    const size_t size = (size_t)width * COLUMNS, share = (size * ROWS / rows + 63) / 64 * 64;
    for (int c = 0; c < width; c += COLUMNS) {
        const int8_t *panel = by.bytes + (size_t)c * width, *ahead = panel + size;
        for (int r = 0; r < rows; r += ROWS) {
            __m512i sum[ROWS][4];
            /* The panel behind this one, or the start of the next product, comes from afar while this one is used. */
            for (const int8_t *end = ahead + share; ahead < end; ahead += 64) _mm_prefetch(ahead, _MM_HINT_T1);
            tile(from.bytes + (size_t)r * width, width, panel, sum);
            for (int j = 0; j < 4; j++) {
                int at = c + LANES * j;
                __m512 scale = _mm512_loadu_ps(by.scale + at), offset = _mm512_loadu_ps(by.offset + at);
                __m512 more = what == ADD ? _mm512_setzero_ps() : _mm512_loadu_ps(bias + at);
                for (int i = 0; i < ROWS; i++) {
                    float *place = to + (size_t)(r + i) * width + at;
                    __m512 zero = _mm512_mul_ps(_mm512_set1_ps(from.zero[r + i]), offset);
                    __m512 x = _mm512_fmsub_ps(_mm512_cvtepi32_ps(sum[i][j]), scale, zero);
                    if (what == ADD) more = _mm512_loadu_ps(place);
                    x = _mm512_fmadd_ps(x, _mm512_set1_ps(from.step[r + i]), more);
                    _mm512_storeu_ps(place, what == BEND ? gelu(x) : x);
                }
            }
        }
    }
}

FAST static void multiply(int what, Bytes from, int rows, int width, Product by, const float *bias, float *to) {
    if (what == SET) multiply_and(SET, from, rows, width, by, bias, to);
    else if (what == BEND) multiply_and(BEND, from, rows, width, by, bias, to);
    else multiply_and(ADD, from, rows, width, by, bias, to);
}

/* Each row to mean 0 and variance 1. */
FAST static void normalise(const float *from, int rows, int width, float epsilon, float *to) {
    for (int r = 0; r < rows; r++, from += width, to += width) {
        __m512 sum = _mm512_setzero_ps(), squares = sum;
        for (int c = 0; c < width; c += LANES) sum = _mm512_add_ps(sum, _mm512_loadu_ps(from + c));
        __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / width);
        for (int c = 0; c < width; c += LANES) {
            __m512 x = _mm512_sub_ps(_mm512_loadu_ps(from + c), mean);
            squares = _mm512_fmadd_ps(x, x, squares);
        }
        __m128 variance = _mm_set_ss(_mm512_reduce_add_ps(squares) / width + epsilon);
        __m512 by = _mm512_set1_ps(1 / _mm_cvtss_f32(_mm_sqrt_ss(variance)));
        for (int c = 0; c < width; c += LANES)
            _mm512_storeu_ps(to + c, _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(from + c), mean), by));
    }
}

/* to = row * gain + bias */
FAST static void stretch(const float *from, int rows, int width, const float *gain, const float *bias, float *to) {
    for (int r = 0; r < rows; r++, from += width, to += width)
        for (int c = 0; c < width; c += LANES) {
            __m512 x = _mm512_loadu_ps(from + c), by = _mm512_loadu_ps(gain + c), more = _mm512_loadu_ps(bias + c);
            _mm512_storeu_ps(to + c, _mm512_fmadd_ps(x, by, more));
        }
}

/* How ROWS queries go with 64 keys; `keys` are turned: (size, apart). */
FAST static void scores(const float *queries, long width, int size, const float *keys, long apart, float *to) {
#define BEGIN(r) __m512 s##r##0 = _mm512_setzero_ps(), s##r##1 = s##r##0, s##r##2 = s##r##0, s##r##3 = s##r##0;
#define STEP(r)                                                                                                       \
    x = _mm512_set1_ps(queries[r * width + d]);                                                                       \
    ADD_FLOATS(s##r##0, x, k0); ADD_FLOATS(s##r##1, x, k1); ADD_FLOATS(s##r##2, x, k2); ADD_FLOATS(s##r##3, x, k3);
#define END(r)                                                                                                        \
    _mm512_store_ps(to + r * MOST_TOKENS, s##r##0), _mm512_store_ps(to + r * MOST_TOKENS + 16, s##r##1);              \
    _mm512_store_ps(to + r * MOST_TOKENS + 32, s##r##2), _mm512_store_ps(to + r * MOST_TOKENS + 48, s##r##3);
    EACH_ROW(BEGIN)
    for (int d = 0; d < size; d++, keys += apart) {
        __m512 k0 = _mm512_load_ps(keys), k1 = _mm512_load_ps(keys + 16);
        __m512 k2 = _mm512_load_ps(keys + 32), k3 = _mm512_load_ps(keys + 48), x;
        EACH_ROW(STEP)
    }
    EACH_ROW(END)
#undef BEGIN
#undef STEP
#undef END
}

/* 32 components of the mean of the values, by the weights of ROWS queries; `total` is what those add up to. */
FAST static void mix(const float *weights, int tokens, const float *values, long width, const float *total, float *to) {
#define BEGIN(r) __m512 s##r##0 = _mm512_setzero_ps(), s##r##1 = s##r##0;
#define STEP(r) x = _mm512_set1_ps(weights[r * MOST_TOKENS + t]); ADD_FLOATS(s##r##0, x, v0); ADD_FLOATS(s##r##1, x, v1);
#define END(r)                                                                                                        \
    _mm512_storeu_ps(to + r * width, _mm512_div_ps(s##r##0, _mm512_set1_ps(total[r])));                               \
    _mm512_storeu_ps(to + r * width + 16, _mm512_div_ps(s##r##1, _mm512_set1_ps(total[r])));
    EACH_ROW(BEGIN)
    for (int t = 0; t < tokens; t++, values += width) {
        __m512 v0 = _mm512_loadu_ps(values), v1 = _mm512_loadu_ps(values + 16), x;
        EACH_ROW(STEP)
    }
    EACH_ROW(END)
#undef BEGIN
#undef STEP
#undef END
}

/* Scores to weights, 2^(score - the greatest), 0 beyond the text's tokens; gives their sum. */
FAST static float weigh(float *scores, int tokens) {
    __m512 top = _mm512_set1_ps(-1e30f), sum = _mm512_setzero_ps();
    for (int t = 0; t < tokens; t += LANES) {
        __mmask16 there = tokens - t >= LANES ? 0xffff : (1u << (tokens - t)) - 1;
        top = _mm512_mask_max_ps(top, there, top, _mm512_load_ps(scores + t));
    }
    top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
    for (int t = 0; t < tokens; t += LANES) {
        __mmask16 there = tokens - t >= LANES ? 0xffff : (1u << (tokens - t)) - 1;
        __m512 x = _mm512_maskz_mov_ps(there, power_of_two(_mm512_sub_ps(_mm512_load_ps(scores + t), top)));
        sum = _mm512_add_ps(sum, x);
        _mm512_store_ps(scores + t, x);
    }
    return _mm512_reduce_add_ps(sum);
}

/* Head by head and ROWS queries at a time, so that the table of scores never leaves the nearest cache. */
FAST static void attend(const Header *shape, const float *q, const float *k, const float *v, int tokens, int rows,
                        float *turned, float *to) {
    const int width = shape->width, size = width / shape->heads, padded = (tokens + 63) / 64 * 64;
    float table[ROWS][MOST_TOKENS] __attribute__((aligned(64)));
    for (int head = 0; head < width; head += size) {
        for (int d = 0; d < size; d++) {
            for (int t = 0; t < tokens; t++) turned[d * padded + t] = k[(size_t)t * width + head + d];
            memset(turned + d * padded + tokens, 0, (padded - tokens) * sizeof(float));
        }
        for (int r = 0; r < rows; r += ROWS) {
            float total[ROWS];
            const size_t at = (size_t)r * width + head;
            for (int t = 0; t < padded; t += 64) scores(q + at, width, size, turned + t, padded, &table[0][t]);
            for (int i = 0; i < ROWS; i++) total[i] = weigh(table[i], tokens);
            for (int d = 0; d < size; d += 32) mix(table[0], tokens, v + head + d, width, total, to + at + d);
        }
    }
}

static const float *floats(const char **at, size_t count) {
    const float *here = (const float *)*at;
    *at += count * sizeof(float);
    return here;
}

static Product product(const char **at, int width) {
    Product found = {(const int8_t *)*at, 0, 0};
    *at += (size_t)width * width;
    found.scale = floats(at, width);
    found.offset = floats(at, width);
    return found;
}

static size_t rounded(size_t size) { return (size + 63) / 64 * 64; }

/* Cuts the next `size` bytes, from 64 bytes on 64, off a work space. */
static void *cut(char **at, size_t size) {
    void *here = *at;
    *at += rounded(size);
    return here;
}

static Bytes cut_bytes(char **at, int rows, int width) {
    Bytes made = {cut(at, (size_t)rows * width), cut(at, rows * sizeof(float)), cut(at, rows * sizeof(float))};
    return made;
}

static int padded_rows(int tokens) { return (tokens + ROWS - 1) / ROWS * ROWS; }

/* Bytes that `encoder_run` needs to work in. */
size_t encoder_workspace(const Header *shape, int tokens) {
    size_t rows = padded_rows(tokens), width = shape->width;
    size_t floats = rounded(rows * width * sizeof(float)), turned = rounded(MOST_TOKENS * (width / shape->heads) * sizeof(float));
    return 6 * floats + turned + 2 * (rounded(rows * width) + 2 * rounded(rows * sizeof(float)));
}

/* vectors (tokens, width): what the last layer makes of each of the text's tokens. `work` (encoder_workspace bytes) and
   `model` are aligned to 64 bytes; 1 <= tokens <= places and MOST_TOKENS, 0 <= ids < vocabulary. */
FAST void encoder_run(const void *model, const int32_t *ids, int tokens, void *work, float *vectors) {
    const Header *shape = model;
    const int width = shape->width, rows = padded_rows(tokens);
    const size_t size = (size_t)rows * width * sizeof(float);
    char *free = work;
    float *x = cut(&free, size), *sum = cut(&free, size), *mixed = cut(&free, size), *three[3];
    for (int i = 0; i < 3; i++) three[i] = cut(&free, size);
    float *turned = cut(&free, (size_t)MOST_TOKENS * (width / shape->heads) * sizeof(float));
    Bytes narrow = cut_bytes(&free, rows, width), wide = cut_bytes(&free, rows, width);
    const char *at = (const char *)model + sizeof(Header);
    const float *words = floats(&at, (size_t)shape->vocabulary * width);
    const float *places = floats(&at, (size_t)shape->places * width), *gain = floats(&at, width);

    for (int t = 0; t < tokens; t++)
        for (int c = 0; c < width; c++) sum[(size_t)t * width + c] = words[(size_t)ids[t] * width + c] + places[t * width + c];
    memset(sum + (size_t)tokens * width, 0, (size_t)(rows - tokens) * width * sizeof(float));
    normalise(sum, rows, width, shape->epsilon, x);
    for (int layer = 0; layer < shape->layers; layer++) {
        to_bytes(x, rows, width, narrow);
        for (int i = 0; i < 3; i++) {
            Product by = product(&at, width);
            multiply(SET, narrow, rows, width, by, floats(&at, width), three[i]);
        }
        attend(shape, three[0], three[1], three[2], tokens, rows, turned, mixed);
        to_bytes(mixed, rows, width, narrow);
        Product out = product(&at, width);
        stretch(x, rows, width, gain, floats(&at, width), sum);
        multiply(ADD, narrow, rows, width, out, NULL, sum);
        normalise(sum, rows, width, shape->epsilon, x);

        to_bytes(x, rows, width, narrow);
        gain = floats(&at, width);
        stretch(x, rows, width, gain, floats(&at, width), sum);
        for (int block = 0; block < shape->blocks; block++) {
            Product up = product(&at, width);
            multiply(BEND, narrow, rows, width, up, floats(&at, width), mixed);
            to_bytes(mixed, rows, width, wide);
            multiply(ADD, wide, rows, width, product(&at, width), NULL, sum);
        }
        normalise(sum, rows, width, shape->epsilon, x);
        gain = floats(&at, width);
    }
    stretch(x, tokens, width, gain, floats(&at, width), vectors);
}

#else /* another processor or compiler: the model runs elsewhere */

int encoder_runs_here(void) { return 0; }
size_t encoder_workspace(const Header *shape, int tokens) { return 0 * (shape->width + tokens); }
void encoder_run(const void *model, const int32_t *ids, int tokens, void *work, float *vectors) {
    (void)model, (void)ids, (void)tokens, (void)work, (void)vectors;
}

#endif
