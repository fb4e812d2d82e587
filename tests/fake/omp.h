/* OpenMP for tests/fake/pauses.c: a clock that the program sets, and one thread that runs the parts one after another. */
static double now, tick; /* seconds; what passes between two readings of the clock */
static int available = 2, in_parallel;
static double omp_get_wtime(void) { return now += tick; }
static int omp_get_max_threads(void) { return available; }
static int omp_in_parallel(void) { return in_parallel; }
