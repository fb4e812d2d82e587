/* The compiler that made this file, in words */
#if defined(__clang__)
#define FA_COMPILER "Clang " __clang_version__
#elif defined(__GNUC__)
#define FA_COMPILER "GCC " __VERSION__
#else
#define FA_COMPILER "unknown"
#endif
