#ifndef CZSTD_SHIM_H
#define CZSTD_SHIM_H

// The stable API of libzstd, and one function of the other, for which see below.
#include <zstd.h>
#include <zstd_errors.h>

// A macro with a cast is not imported into Swift: what ZSTD_getFrameContentSize answers for "unknown" and "error".
static inline unsigned long long understudy_zstd_content_size_unknown(void) {
    return ZSTD_CONTENTSIZE_UNKNOWN;
}

static inline unsigned long long understudy_zstd_content_size_error(void) {
    return ZSTD_CONTENTSIZE_ERROR;
}

// zdict.h (dictionary training) comes with the same library and package.
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

// Does what ZDICT_trainFromBuffer does, with tables of 2^17 places for the sequences that it counts instead of 2^20: 1.3 MB
// instead of 10. On a megabyte of text, which is what the store trains on, texts came out 0.5 % larger at most.
//
// The function that takes this is not of the API that stays the same. So it may be absent, and where the library is of
// another minor version than the header, the other one is called.
extern __typeof__(ZDICT_optimizeTrainFromBuffer_fastCover) ZDICT_optimizeTrainFromBuffer_fastCover __attribute__((weak));

static inline size_t understudy_zdict_train(void *dictionary, size_t capacity, const void *samples, const size_t *sizes,
                                            unsigned count) {
    if (!ZDICT_optimizeTrainFromBuffer_fastCover || ZSTD_versionNumber() / 100 != ZSTD_VERSION_NUMBER / 100) {
        return ZDICT_trainFromBuffer(dictionary, capacity, samples, sizes, count);
    }
    ZDICT_fastCover_params_t parameters = {.d = 8, .f = 17, .steps = 4, .zParams = {.compressionLevel = ZSTD_CLEVEL_DEFAULT}};
    return ZDICT_optimizeTrainFromBuffer_fastCover(dictionary, capacity, samples, sizes, count, &parameters);
}

#endif
