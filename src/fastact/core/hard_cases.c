/* float32 inputs whose results are hard to round: written by tools/hard_cases.py, which says what that means.
 *
 * A run is {first input, last input, side of the midpoint}, in the order of the bits; then how many hard cases it has.
 * ABOVE is away from zero. After the name of a function: the hash of the oracle that found its hard cases. */
#include "hard_cases.h"

#define ABOVE 1
#define BELOW (-1)
#define TIE 0
#define CASES(name, of, margin) {#name, of##_runs, (int)(sizeof of##_runs / sizeof *of##_runs), margin}

static const fa_hard_run hard_sigmoid_runs[] = { /* 3f3eee8a9ded */
    {0x1.8p-23f, 0x1.fffffep-1f, TIE}, /* 2796203 */
    {-0x1.8p-24f, -0x1.fffffep-2f, TIE}, /* 2796203 */
};

static const fa_hard_run hard_swish_runs[] = { /* aa14c032402a */
    {0x1p-149f, 0x1.fffffep-126f, ABOVE}, /* 8388608 */
    {0x1.bb67aep-24f, 0x1.bb67aep-24f, BELOW}, /* 1 */
    {0x1.8p-22f, 0x1.8p-22f, TIE}, /* 1 */
    {0x1.55aaap-19f, 0x1.b46bfcp-19f, BELOW}, /* 2 */
    {0x1.2p-18f, 0x1.2p-18f, TIE}, /* 1 */
    {0x1.6b733cp-18f, 0x1.6b733cp-18f, ABOVE}, /* 1 */
    {0x1.ep-18f, 0x1.ep-18f, TIE}, /* 1 */
    {0x1.536948p-17f, 0x1.8dc0f2p-17f, BELOW}, /* 2 */
    {0x1.eb1282p-17f, 0x1.eb1282p-17f, ABOVE}, /* 1 */
    {0x1.5p-16f, 0x1.5p-16f, TIE}, /* 1 */
    {0x1.84f7c6p-16f, 0x1.84f7c6p-16f, BELOW}, /* 1 */
    {0x1.bp-16f, 0x1.bp-16f, TIE}, /* 1 */
    {0x1.b54d02p-16f, 0x1.b54d02p-16f, BELOW}, /* 1 */
    {0x1.ffbffcp-16f, 0x1.e853e8p-15f, ABOVE}, /* 2 */
    {0x1.08p-14f, 0x1.eb4p-4f, TIE}, /* 325 */
    {0x1.000004p-3f, 0x1.000004p-3f, ABOVE}, /* 1 */
    {0x1.dc4p-3f, 0x1.fecp-3f, TIE}, /* 24 */
    {0x1.fffffcp-3f, 0x1.fffffcp-3f, ABOVE}, /* 1 */
    {0x1.002p-2f, 0x1.beap-2f, TIE}, /* 255 */
    {0x1.7ffffep-1f, 0x1.800002p-1f, ABOVE}, /* 2 */
    {0x1.956p-1f, 0x1.7fdp+1f, TIE}, /* 644 */
    {-0x1p-149f, -0x1.fffffep-126f, BELOW}, /* 8388608 */
    {-0x1.bb67aep-24f, -0x1.bb67aep-24f, ABOVE}, /* 1 */
    {-0x1.8p-22f, -0x1.8p-22f, TIE}, /* 1 */
    {-0x1.55aaap-19f, -0x1.b46bfcp-19f, ABOVE}, /* 2 */
    {-0x1.2p-18f, -0x1.2p-18f, TIE}, /* 1 */
    {-0x1.6b733cp-18f, -0x1.6b733cp-18f, BELOW}, /* 1 */
    {-0x1.ep-18f, -0x1.ep-18f, TIE}, /* 1 */
    {-0x1.536948p-17f, -0x1.8dc0f2p-17f, ABOVE}, /* 2 */
    {-0x1.eb1282p-17f, -0x1.eb1282p-17f, BELOW}, /* 1 */
    {-0x1.5p-16f, -0x1.5p-16f, TIE}, /* 1 */
    {-0x1.84f7c6p-16f, -0x1.84f7c6p-16f, ABOVE}, /* 1 */
    {-0x1.bp-16f, -0x1.bp-16f, TIE}, /* 1 */
    {-0x1.b54d02p-16f, -0x1.b54d02p-16f, ABOVE}, /* 1 */
    {-0x1.ffbffcp-16f, -0x1.e853e8p-15f, BELOW}, /* 2 */
    {-0x1.08p-14f, -0x1.014p-5f, TIE}, /* 167 */
    {-0x1.000004p-4f, -0x1.000004p-4f, BELOW}, /* 1 */
    {-0x1.05cp-4f, -0x1.fecp-4f, TIE}, /* 167 */
    {-0x1.fffffcp-4f, -0x1.fffffcp-4f, BELOW}, /* 1 */
    {-0x1.002p-3f, -0x1.449p-1f, TIE}, /* 506 */
    {-0x1.7ffffep-1f, -0x1.800002p-1f, BELOW}, /* 2 */
    {-0x1.2edcp+1f, -0x1.7fffdcp+1f, TIE}, /* 844 */
};

static const fa_hard_run hard_swish_derivative_runs[] = { /* a64695068ecc */
    {0x1.8p-24f, 0x1.fffffep-2f, TIE}, /* 2796203 */
    {-0x1.8p-25f, -0x1.fffffep-3f, TIE}, /* 2796203 */
};

static const fa_hard_run sparse_plus_runs[] = { /* 0d06988611d5 */
    {0x1.fffffep-26f, 0x1.fffffep-26f, BELOW}, /* 1 */
    {0x1p-25f, 0x1.e198ecp-14f, ABOVE}, /* 2 */
    {0x1.642842p-13f, 0x1.642842p-13f, BELOW}, /* 1 */
    {0x1p-12f, 0x1p-12f, TIE}, /* 1 */
    {0x1.001ffep-12f, 0x1.001ffep-12f, BELOW}, /* 1 */
    {0x1.8p-11f, 0x1.8p-11f, TIE}, /* 1 */
    {0x1.9e3a1cp-11f, 0x1.9e3a1cp-11f, BELOW}, /* 1 */
    {0x1.4p-10f, 0x1.6p-9f, TIE}, /* 4 */
    {0x1.98f5acp-9f, 0x1.98f5acp-9f, ABOVE}, /* 1 */
    {0x1.ap-9f, 0x1.5p-8f, TIE}, /* 5 */
    {0x1.58af74p-8f, 0x1.58af74p-8f, BELOW}, /* 1 */
    {0x1.7p-8f, 0x1.62p-5f, TIE}, /* 78 */
    {0x1.6506a2p-5f, 0x1.6506a2p-5f, BELOW}, /* 1 */
    {0x1.66p-5f, 0x1.318p-3f, TIE}, /* 217 */
    {0x1.31816ap-3f, 0x1.31816ap-3f, BELOW}, /* 1 */
    {0x1.328p-3f, 0x1.a7cp-2f, TIE}, /* 542 */
    {-0x1p-26f, -0x1p-26f, ABOVE}, /* 1 */
    {-0x1.600002p-23f, -0x1.f563d6p-15f, BELOW}, /* 3 */
    {-0x1.fa37a4p-13f, -0x1.02ebbcp-10f, ABOVE}, /* 3 */
    {-0x1.9ac162p-10f, -0x1.d03c66p-6f, BELOW}, /* 2 */
    {-0x1.2c2p-2f, -0x1.ffdffep-1f, TIE}, /* 10176 */
};

static const fa_hard_run elu_runs[] = { /* 8378b1d3b369 */
    {-0x1p-24f, -0x1.eb97f8p-19f, ABOVE}, /* 2 */
    {-0x1.03fc64p-9f, -0x1.03fc64p-9f, BELOW}, /* 1 */
    {-0x1.f676d8p-9f, -0x1.a8ebap-6f, ABOVE}, /* 2 */
    {-0x1.bc1a6p-6f, -0x1.bc1a6p-6f, BELOW}, /* 1 */
    {-0x1.680cbap-4f, -0x1.680cbap-4f, ABOVE}, /* 1 */
    {-0x1.d3dc32p+3f, -0x1.d3dc32p+3f, BELOW}, /* 1 */
};

static const fa_hard_run selu_runs[] = { /* aea880c470ca */
    {0x1.ac8d18p-128f, 0x1.4169d2p+127f, BELOW}, /* 255 */
    {-0x1.cada28p-128f, -0x1.cada28p-128f, BELOW}, /* 1 */
    {-0x1.e843f2p-48f, -0x1.e843f2p-48f, ABOVE}, /* 1 */
    {-0x1.664604p-36f, -0x1.fd7b48p-35f, BELOW}, /* 4 */
    {-0x1.d4a9fp-33f, -0x1.d4a9fp-33f, ABOVE}, /* 1 */
    {-0x1.136cfap-30f, -0x1.136cfap-30f, BELOW}, /* 1 */
    {-0x1.7d322p-28f, -0x1.7d322p-28f, ABOVE}, /* 1 */
    {-0x1.f81372p-28f, -0x1.f81372p-28f, BELOW}, /* 1 */
    {-0x1.f63c7ap-25f, -0x1.f63c7ap-25f, ABOVE}, /* 1 */
    {-0x1.a4cf78p-22f, -0x1.a4cf78p-22f, BELOW}, /* 1 */
    {-0x1.b70f1ep-22f, -0x1.c5514cp-15f, ABOVE}, /* 2 */
    {-0x1.de53fap-15f, -0x1.4928bcp-13f, BELOW}, /* 2 */
    {-0x1.641d62p-12f, -0x1.6aa088p-11f, ABOVE}, /* 2 */
    {-0x1.9ba582p-11f, -0x1.87ae32p-7f, BELOW}, /* 2 */
    {-0x1.7eee08p-2f, -0x1.1b1212p+1f, ABOVE}, /* 3 */
    {-0x1.22ca62p+1f, -0x1.22ca62p+1f, BELOW}, /* 1 */
    {-0x1.d1ca1cp+1f, -0x1.d1ca1cp+1f, ABOVE}, /* 1 */
};

static const fa_hard_run selu_derivative_runs[] = { /* 63417ea54924 */
    {-0x1.950caep-25f, -0x1.950caep-25f, BELOW}, /* 1 */
    {-0x1.3c8a0ep-21f, -0x1.3c8a0ep-21f, ABOVE}, /* 1 */
    {-0x1.af4ac4p-20f, -0x1.e59f6p-13f, BELOW}, /* 5 */
    {-0x1.f80d84p-12f, -0x1.f80d84p-12f, ABOVE}, /* 1 */
    {-0x1.79d738p-10f, -0x1.79d738p-10f, BELOW}, /* 1 */
    {-0x1.7e7bacp-7f, -0x1.f77076p-6f, ABOVE}, /* 2 */
    {-0x1.897168p-5f, -0x1.963e5ap-5f, BELOW}, /* 2 */
    {-0x1.324768p-2f, -0x1.1b5c18p+5f, ABOVE}, /* 4 */
    {-0x1.7745f6p+6f, -0x1.7745f6p+6f, BELOW}, /* 1 */
};

static const fa_hard_run exponential_runs[] = { /* 9795fcd828e1 */
    {0x1.fffffep-25f, 0x1.fffffep-25f, BELOW}, /* 1 */
    {0x1p-24f, 0x1.747de2p-15f, ABOVE}, /* 9 */
    {0x1.5b3c52p-14f, 0x1.cd3982p-14f, BELOW}, /* 2 */
    {0x1.8d7cb6p-12f, 0x1.f79a1p-11f, ABOVE}, /* 3 */
    {0x1.2e3554p-6f, 0x1.2e3554p-6f, BELOW}, /* 1 */
    {0x1.5ffc5cp-6f, 0x1.5ffc5cp-6f, ABOVE}, /* 1 */
    {0x1.344e9cp-5f, 0x1.036492p+1f, BELOW}, /* 3 */
    {0x1.62b666p+1f, 0x1.97f0f6p+4f, ABOVE}, /* 3 */
    {0x1.112856p+6f, 0x1.112856p+6f, BELOW}, /* 1 */
    {-0x1p-25f, -0x1p-25f, ABOVE}, /* 1 */
    {-0x1.c1c4b8p-10f, -0x1.c1c4b8p-10f, BELOW}, /* 1 */
    {-0x1.6e1ddp-8f, -0x1.e1dbe2p-8f, ABOVE}, /* 2 */
    {-0x1.548c34p-7f, -0x1.548c34p-7f, BELOW}, /* 1 */
    {-0x1.71e81ep-6f, -0x1.71e81ep-6f, ABOVE}, /* 1 */
    {-0x1.f02a66p+1f, -0x1.7acc62p+3f, BELOW}, /* 2 */
    {-0x1.d2259ap+3f, -0x1.65cf3p+6f, ABOVE}, /* 2 */
};

static const fa_hard_run sigmoid_runs[] = { /* c68c1cce4a45 */
    {0x1p-23f, 0x1.184a1cp-8f, BELOW}, /* 189 */
    {0x1.f51aap-8f, 0x1.f51aap-8f, ABOVE}, /* 1 */
    {0x1.1956d4p-5f, 0x1.437902p-5f, BELOW}, /* 2 */
    {0x1.1bff5ep-2f, 0x1.65937p-2f, ABOVE}, /* 2 */
    {-0x1p-24f, -0x1.250c02p-10f, ABOVE}, /* 294 */
    {-0x1.46c7e8p-4f, -0x1.c9bb96p+3f, BELOW}, /* 4 */
    {-0x1.65cf3p+6f, -0x1.65cf3p+6f, ABOVE}, /* 1 */
};

static const fa_hard_run sigmoid_derivative_runs[] = { /* 41ca99478b1e */
    {0x1.6a09e6p-12f, 0x1.6a09e6p-12f, ABOVE}, /* 1 */
    {0x1.3988e2p-11f, 0x1.e9f666p-2f, BELOW}, /* 3 */
    {0x1.2a9e3cp+1f, 0x1.65cf3p+6f, ABOVE}, /* 4 */
    {-0x1.6a09e6p-12f, -0x1.6a09e6p-12f, ABOVE}, /* 1 */
    {-0x1.3988e2p-11f, -0x1.e9f666p-2f, BELOW}, /* 3 */
    {-0x1.2a9e3cp+1f, -0x1.65cf3p+6f, ABOVE}, /* 4 */
};

static const fa_hard_run tanh_runs[] = { /* 4b3085503843 */
    {0x1.86fbc4p-10f, 0x1.a83722p-6f, ABOVE}, /* 2 */
    {0x1.dc0accp-2f, 0x1.dc0accp-2f, BELOW}, /* 1 */
    {0x1.5969ap+2f, 0x1.5969ap+2f, ABOVE}, /* 1 */
    {-0x1.86fbc4p-10f, -0x1.a83722p-6f, ABOVE}, /* 2 */
    {-0x1.dc0accp-2f, -0x1.dc0accp-2f, BELOW}, /* 1 */
    {-0x1.5969ap+2f, -0x1.5969ap+2f, ABOVE}, /* 1 */
};

static const fa_hard_run tanh_derivative_runs[] = { /* b499118605e3 */
    {0x1.6a09e6p-13f, 0x1.6a09e6p-13f, ABOVE}, /* 1 */
    {0x1.3988e2p-12f, 0x1.e9f666p-3f, BELOW}, /* 3 */
    {0x1.2a9e3cp+0f, 0x1.20d886p+1f, ABOVE}, /* 3 */
    {-0x1.6a09e6p-13f, -0x1.6a09e6p-13f, ABOVE}, /* 1 */
    {-0x1.3988e2p-12f, -0x1.e9f666p-3f, BELOW}, /* 3 */
    {-0x1.2a9e3cp+0f, -0x1.20d886p+1f, ABOVE}, /* 3 */
};

static const fa_hard_run tanh_shrink_runs[] = { /* b67ca8be4398 */
    {0x1.8p-49f, 0x1.23p-42f, BELOW}, /* 51 */
    {0x1.271996p-42f, 0x1.271996p-42f, ABOVE}, /* 1 */
    {0x1.29p-42f, 0x1.7dp-24f, BELOW}, /* 303 */
    {0x1.8979a8p-23f, 0x1.d62eb4p-20f, ABOVE}, /* 5 */
    {0x1.67b4f2p-18f, 0x1.67b4f2p-18f, BELOW}, /* 1 */
    {0x1.836f46p-15f, 0x1.52b578p-8f, ABOVE}, /* 5 */
    {0x1.aa0442p-5f, 0x1.f9c1fp-3f, BELOW}, /* 2 */
    {0x1.ae2bfep+1f, 0x1p+25f, ABOVE}, /* 8388610 */
    {-0x1.8p-49f, -0x1.23p-42f, BELOW}, /* 51 */
    {-0x1.271996p-42f, -0x1.271996p-42f, ABOVE}, /* 1 */
    {-0x1.29p-42f, -0x1.7dp-24f, BELOW}, /* 303 */
    {-0x1.8979a8p-23f, -0x1.d62eb4p-20f, ABOVE}, /* 5 */
    {-0x1.67b4f2p-18f, -0x1.67b4f2p-18f, BELOW}, /* 1 */
    {-0x1.836f46p-15f, -0x1.52b578p-8f, ABOVE}, /* 5 */
    {-0x1.aa0442p-5f, -0x1.f9c1fp-3f, BELOW}, /* 2 */
    {-0x1.ae2bfep+1f, -0x1p+25f, ABOVE}, /* 8388610 */
};

static const fa_hard_run tanh_shrink_derivative_runs[] = { /* 41123afc5eb0 */
    {0x1p-75f, 0x1.1p-71f, BELOW}, /* 10 */
    {0x1.24d91cp-71f, 0x1.24d91cp-71f, ABOVE}, /* 1 */
    {0x1.3p-71f, 0x1.94p-69f, BELOW}, /* 44 */
    {0x1.98cd9ap-69f, 0x1.98cd9ap-69f, ABOVE}, /* 1 */
    {0x1.9cp-69f, 0x1.ffcp-65f, BELOW}, /* 973 */
    {0x1.fffffcp-65f, 0x1.000002p-64f, ABOVE}, /* 2 */
    {0x1.002p-64f, 0x1.1b3p-24f, BELOW}, /* 34314 */
    {0x1.7ffffep-24f, 0x1.90001p-21f, ABOVE}, /* 4 */
    {0x1.bfffecp-21f, 0x1.c00014p-21f, BELOW}, /* 2 */
    {0x1.8dde6ap-20f, 0x1.195eaep-17f, ABOVE}, /* 4 */
    {0x1.5e0a3ap-17f, 0x1.ffc7b8p-10f, BELOW}, /* 5 */
    {0x1.2e584ap-8f, 0x1.2e584ap-8f, ABOVE}, /* 1 */
    {0x1.f83614p-8f, 0x1.f83614p-8f, BELOW}, /* 1 */
    {0x1.7bdc98p-1f, 0x1.7bdc98p-1f, ABOVE}, /* 1 */
    {-0x1p-75f, -0x1.1p-71f, BELOW}, /* 10 */
    {-0x1.24d91cp-71f, -0x1.24d91cp-71f, ABOVE}, /* 1 */
    {-0x1.3p-71f, -0x1.94p-69f, BELOW}, /* 44 */
    {-0x1.98cd9ap-69f, -0x1.98cd9ap-69f, ABOVE}, /* 1 */
    {-0x1.9cp-69f, -0x1.ffcp-65f, BELOW}, /* 973 */
    {-0x1.fffffcp-65f, -0x1.000002p-64f, ABOVE}, /* 2 */
    {-0x1.002p-64f, -0x1.1b3p-24f, BELOW}, /* 34314 */
    {-0x1.7ffffep-24f, -0x1.90001p-21f, ABOVE}, /* 4 */
    {-0x1.bfffecp-21f, -0x1.c00014p-21f, BELOW}, /* 2 */
    {-0x1.8dde6ap-20f, -0x1.195eaep-17f, ABOVE}, /* 4 */
    {-0x1.5e0a3ap-17f, -0x1.ffc7b8p-10f, BELOW}, /* 5 */
    {-0x1.2e584ap-8f, -0x1.2e584ap-8f, ABOVE}, /* 1 */
    {-0x1.f83614p-8f, -0x1.f83614p-8f, BELOW}, /* 1 */
    {-0x1.7bdc98p-1f, -0x1.7bdc98p-1f, ABOVE}, /* 1 */
};

static const fa_hard_run softsign_runs[] = { /* 481ce84ee3b3 */
    {0x1p-25f, 0x1.322cap-11f, ABOVE}, /* 4 */
    {0x1.43b78ap-11f, 0x1.effcp-11f, BELOW}, /* 2 */
    {0x1.ca3be8p-10f, 0x1.ca3be8p-10f, ABOVE}, /* 1 */
    {0x1.61b67p-8f, 0x1.2a79e2p-4f, BELOW}, /* 9 */
    {0x1.7e1282p-4f, 0x1.7e1282p-4f, ABOVE}, /* 1 */
    {0x1.733464p-3f, 0x1.314bd2p-1f, BELOW}, /* 3 */
    {0x1.3b9812p-1f, 0x1.3b9812p-1f, ABOVE}, /* 1 */
    {0x1.c1f07ep-1f, 0x1.c1f07ep-1f, BELOW}, /* 1 */
    {0x1.ffc002p-1f, 0x1.ffc002p-1f, ABOVE}, /* 1 */
    {0x1.fffffep-1f, 0x1.a2ca2ap+0f, BELOW}, /* 19 */
    {0x1.a71e82p+0f, 0x1.a71e82p+0f, ABOVE}, /* 1 */
    {0x1.c738cap+0f, 0x1.fffffep+24f, BELOW}, /* 4 */
    {0x1p+25f, 0x1p+25f, ABOVE}, /* 1 */
    {-0x1p-25f, -0x1.322cap-11f, ABOVE}, /* 4 */
    {-0x1.43b78ap-11f, -0x1.effcp-11f, BELOW}, /* 2 */
    {-0x1.ca3be8p-10f, -0x1.ca3be8p-10f, ABOVE}, /* 1 */
    {-0x1.61b67p-8f, -0x1.2a79e2p-4f, BELOW}, /* 9 */
    {-0x1.7e1282p-4f, -0x1.7e1282p-4f, ABOVE}, /* 1 */
    {-0x1.733464p-3f, -0x1.314bd2p-1f, BELOW}, /* 3 */
    {-0x1.3b9812p-1f, -0x1.3b9812p-1f, ABOVE}, /* 1 */
    {-0x1.c1f07ep-1f, -0x1.c1f07ep-1f, BELOW}, /* 1 */
    {-0x1.ffc002p-1f, -0x1.ffc002p-1f, ABOVE}, /* 1 */
    {-0x1.fffffep-1f, -0x1.a2ca2ap+0f, BELOW}, /* 19 */
    {-0x1.a71e82p+0f, -0x1.a71e82p+0f, ABOVE}, /* 1 */
    {-0x1.c738cap+0f, -0x1.fffffep+24f, BELOW}, /* 4 */
    {-0x1p+25f, -0x1p+25f, ABOVE}, /* 1 */
};

static const fa_hard_run softsign_derivative_runs[] = { /* 6690b9c3772e */
    {0x1p-26f, 0x1p-26f, ABOVE}, /* 1 */
    {0x1.800002p-25f, 0x1.71819p-17f, BELOW}, /* 4 */
    {0x1.e982bep-17f, 0x1.e982bep-17f, ABOVE}, /* 1 */
    {0x1.2cc212p-16f, 0x1.2d5dc4p-9f, BELOW}, /* 7 */
    {0x1.cb05ecp-9f, 0x1.cb05ecp-9f, ABOVE}, /* 1 */
    {0x1.cf911ep-9f, 0x1.4e43b6p-6f, BELOW}, /* 2 */
    {0x1.d6457cp-3f, 0x1.d6457cp-3f, ABOVE}, /* 1 */
    {0x1.f05ba4p-2f, 0x1.4768ep-1f, BELOW}, /* 3 */
    {0x1.fffffep-1f, 0x1.fffffep-1f, ABOVE}, /* 1 */
    {0x1.f82dd2p+0f, 0x1.9d355cp+24f, BELOW}, /* 26 */
    {0x1.fffffep+24f, 0x1.47d10cp+39f, ABOVE}, /* 6 */
    {0x1.d4ed7p+40f, 0x1.c76a7cp+45f, BELOW}, /* 4 */
    {0x1.2ce474p+47f, 0x1.2ce474p+47f, ABOVE}, /* 1 */
    {0x1.a3b47p+49f, 0x1.182e8p+63f, BELOW}, /* 15 */
    {0x1.74776cp+63f, 0x1.74776cp+63f, ABOVE}, /* 1 */
    {0x1.a445cp+64f, 0x1.a445cp+64f, BELOW}, /* 1 */
    {0x1.40000ap+67f, 0x1.1c01aap+73f, ABOVE}, /* 3 */
    {0x1p+75f, 0x1p+75f, BELOW}, /* 1 */
    {-0x1p-26f, -0x1p-26f, ABOVE}, /* 1 */
    {-0x1.800002p-25f, -0x1.71819p-17f, BELOW}, /* 4 */
    {-0x1.e982bep-17f, -0x1.e982bep-17f, ABOVE}, /* 1 */
    {-0x1.2cc212p-16f, -0x1.2d5dc4p-9f, BELOW}, /* 7 */
    {-0x1.cb05ecp-9f, -0x1.cb05ecp-9f, ABOVE}, /* 1 */
    {-0x1.cf911ep-9f, -0x1.4e43b6p-6f, BELOW}, /* 2 */
    {-0x1.d6457cp-3f, -0x1.d6457cp-3f, ABOVE}, /* 1 */
    {-0x1.f05ba4p-2f, -0x1.4768ep-1f, BELOW}, /* 3 */
    {-0x1.fffffep-1f, -0x1.fffffep-1f, ABOVE}, /* 1 */
    {-0x1.f82dd2p+0f, -0x1.9d355cp+24f, BELOW}, /* 26 */
    {-0x1.fffffep+24f, -0x1.47d10cp+39f, ABOVE}, /* 6 */
    {-0x1.d4ed7p+40f, -0x1.c76a7cp+45f, BELOW}, /* 4 */
    {-0x1.2ce474p+47f, -0x1.2ce474p+47f, ABOVE}, /* 1 */
    {-0x1.a3b47p+49f, -0x1.182e8p+63f, BELOW}, /* 15 */
    {-0x1.74776cp+63f, -0x1.74776cp+63f, ABOVE}, /* 1 */
    {-0x1.a445cp+64f, -0x1.a445cp+64f, BELOW}, /* 1 */
    {-0x1.40000ap+67f, -0x1.1c01aap+73f, ABOVE}, /* 3 */
    {-0x1p+75f, -0x1p+75f, BELOW}, /* 1 */
};

static const fa_hard_run silu_runs[] = { /* f7c7adc303cf */
    {0x1p-149f, 0x1.fffffep-126f, ABOVE}, /* 8388608 */
    {0x1.6a09e6p-24f, 0x1.8dc0f2p-16f, BELOW}, /* 13 */
    {0x1.eb1282p-16f, 0x1.eb1282p-16f, ABOVE}, /* 1 */
    {0x1.1p-15f, 0x1.5p-15f, BELOW}, /* 4 */
    {0x1.b1d91p-13f, 0x1.b1d91p-13f, ABOVE}, /* 1 */
    {0x1.bf120ap-13f, 0x1.08e854p-12f, BELOW}, /* 2 */
    {0x1.4b0b3p-7f, 0x1.4b0b3p-7f, ABOVE}, /* 1 */
    {0x1.7ccc2p-7f, 0x1.7ccc2p-7f, BELOW}, /* 1 */
    {0x1.26e18ep-6f, 0x1.f17634p-1f, ABOVE}, /* 4 */
    {0x1.f5a86ap-1f, 0x1.5ff36p+1f, BELOW}, /* 3 */
    {0x1.4c4efep+3f, 0x1.4c4efep+3f, ABOVE}, /* 1 */
    {-0x1p-149f, -0x1.fffffep-126f, BELOW}, /* 8388608 */
    {-0x1p-24f, -0x1.8dc0f2p-16f, ABOVE}, /* 13 */
    {-0x1.eb1282p-16f, -0x1.eb1282p-16f, BELOW}, /* 1 */
    {-0x1.1p-15f, -0x1.5p-15f, ABOVE}, /* 4 */
    {-0x1.b1d91p-13f, -0x1.b1d91p-13f, BELOW}, /* 1 */
    {-0x1.bf120ap-13f, -0x1.08e854p-12f, ABOVE}, /* 2 */
    {-0x1.4b0b3p-7f, -0x1.4b0b3p-7f, BELOW}, /* 1 */
    {-0x1.7ccc2p-7f, -0x1.7ccc2p-7f, ABOVE}, /* 1 */
    {-0x1.26e18ep-6f, -0x1.a0664p-1f, BELOW}, /* 5 */
    {-0x1.51f626p+2f, -0x1.5e7a28p+3f, ABOVE}, /* 2 */
    {-0x1.7b532ap+3f, -0x1.7b532ap+3f, BELOW}, /* 1 */
    {-0x1.dc834p+4f, -0x1.dc834p+4f, ABOVE}, /* 1 */
    {-0x1.6bb004p+6f, -0x1.6bb004p+6f, BELOW}, /* 1 */
};

static const fa_hard_run silu_derivative_runs[] = { /* 003fe0b95bb1 */
    {0x1p-24f, 0x1.250c04p-10f, BELOW}, /* 235 */
    {0x1.184a0ep-9f, 0x1.4b82cp-4f, ABOVE}, /* 3 */
    {0x1.ed63b6p-1f, 0x1.ed63b6p-1f, BELOW}, /* 1 */
    {0x1.7d0c3p+0f, 0x1.7d0c3p+0f, ABOVE}, /* 1 */
    {-0x1p-25f, -0x1.708p-16f, ABOVE}, /* 369 */
    {-0x1.cc493ep-9f, -0x1.914796p-2f, BELOW}, /* 4 */
    {-0x1.3b13c2p+0f, -0x1.3b13c2p+0f, BELOW}, /* 1 */
    {-0x1.42d3f2p+0f, -0x1.42d3f2p+0f, BELOW}, /* 1 */
    {-0x1.46655ep+0f, -0x1.46655ep+0f, ABOVE}, /* 1 */
    {-0x1.4701f4p+0f, -0x1.4701f4p+0f, ABOVE}, /* 1 */
    {-0x1.4713fp+0f, -0x1.4713fp+0f, BELOW}, /* 1 */
    {-0x1.4739b2p+0f, -0x1.4739b2p+0f, BELOW}, /* 1 */
    {-0x1.473bd8p+0f, -0x1.473bd8p+0f, BELOW}, /* 1 */
    {-0x1.474962p+0f, -0x1.474962p+0f, ABOVE}, /* 1 */
    {-0x1.474974p+0f, -0x1.474974p+0f, ABOVE}, /* 1 */
    {-0x1.474976p+0f, -0x1.474976p+0f, ABOVE}, /* 1 */
    {-0x1.474978p+0f, -0x1.474978p+0f, BELOW}, /* 1 */
    {-0x1.47497ep+0f, -0x1.47497ep+0f, BELOW}, /* 1 */
    {-0x1.474992p+0f, -0x1.474992p+0f, ABOVE}, /* 1 */
    {-0x1.4749c4p+0f, -0x1.4749c4p+0f, BELOW}, /* 1 */
    {-0x1.4760b8p+0f, -0x1.4760b8p+0f, BELOW}, /* 1 */
    {-0x1.4b5a08p+0f, -0x1.4b5a08p+0f, ABOVE}, /* 1 */
    {-0x1.d2fbcap+5f, -0x1.d2fbcap+5f, BELOW}, /* 1 */
};

static const fa_hard_run gelu_runs[] = { /* ca360daf662f */
    {0x1p-149f, 0x1.fffffep-126f, ABOVE}, /* 8388608 */
    {0x1.954ecap-25f, 0x1.954ecap-25f, BELOW}, /* 1 */
    {0x1.f0660cp-24f, 0x1.48563ap-20f, ABOVE}, /* 3 */
    {0x1.cd90f2p-19f, 0x1.051d12p-15f, BELOW}, /* 5 */
    {0x1.cf20aap-15f, 0x1.cf20aap-15f, ABOVE}, /* 1 */
    {0x1.9437c4p-14f, 0x1.130ba8p-11f, BELOW}, /* 2 */
    {0x1.a0e308p-10f, 0x1.8332fp-7f, ABOVE}, /* 3 */
    {0x1.e1659cp-7f, 0x1.e1659cp-7f, BELOW}, /* 1 */
    {0x1.4e2deap-6f, 0x1.4e2deap-6f, ABOVE}, /* 1 */
    {0x1.92798cp-3f, 0x1.c16d0ep-3f, BELOW}, /* 2 */
    {0x1.5b4488p-2f, 0x1.5b4488p-2f, ABOVE}, /* 1 */
    {0x1.f4f9e8p+1f, 0x1.f4f9e8p+1f, BELOW}, /* 1 */
    {-0x1p-149f, -0x1.fffffep-126f, BELOW}, /* 8388608 */
    {-0x1.954ecap-25f, -0x1.954ecap-25f, ABOVE}, /* 1 */
    {-0x1.f0660cp-24f, -0x1.48563ap-20f, BELOW}, /* 3 */
    {-0x1.cd90f2p-19f, -0x1.051d12p-15f, ABOVE}, /* 5 */
    {-0x1.cf20aap-15f, -0x1.cf20aap-15f, BELOW}, /* 1 */
    {-0x1.9437c4p-14f, -0x1.130ba8p-11f, ABOVE}, /* 2 */
    {-0x1.a0e308p-10f, -0x1.8332fp-7f, BELOW}, /* 3 */
    {-0x1.e1659cp-7f, -0x1.e1659cp-7f, ABOVE}, /* 1 */
    {-0x1.4e2deap-6f, -0x1.4e2deap-6f, BELOW}, /* 1 */
    {-0x1.92798cp-3f, -0x1.92798cp-3f, ABOVE}, /* 1 */
    {-0x1.1ce0c4p-2f, -0x1.1ce0c4p-2f, BELOW}, /* 1 */
    {-0x1.3e8638p-2f, -0x1.3e8638p-2f, ABOVE}, /* 1 */
    {-0x1.095a2cp+0f, -0x1.aed30ap+2f, BELOW}, /* 3 */
    {-0x1.79da74p+3f, -0x1.79da74p+3f, ABOVE}, /* 1 */
};

static const fa_hard_run gelu_derivative_runs[] = { /* d13af3363e42 */
    {0x1.40d932p-25f, 0x1.40d932p-25f, ABOVE}, /* 1 */
    {0x1.12158ap-13f, 0x1.96bd58p-12f, BELOW}, /* 2 */
    {0x1.d1cd54p-12f, 0x1.d6915p-9f, ABOVE}, /* 2 */
    {0x1.1463f6p-7f, 0x1.1463f6p-7f, BELOW}, /* 1 */
    {0x1.dc9f4ap-7f, 0x1.2b8e5cp-4f, ABOVE}, /* 3 */
    {0x1.76b70ap-3f, 0x1.76b70ap-3f, BELOW}, /* 1 */
    {0x1.96d47ep+0f, 0x1.823608p+1f, ABOVE}, /* 2 */
    {-0x1.40d932p-26f, -0x1.40d932p-26f, BELOW}, /* 1 */
    {-0x1.0a544ap-17f, -0x1.0a544ap-17f, ABOVE}, /* 1 */
    {-0x1.f84d62p-15f, -0x1.e34024p-12f, BELOW}, /* 5 */
    {-0x1.d1097ep-7f, -0x1.d1097ep-7f, ABOVE}, /* 1 */
    {-0x1.6e358p-4f, -0x1.b9e40cp-4f, BELOW}, /* 2 */
    {-0x1.5b3eacp-1f, -0x1.5b3eacp-1f, ABOVE}, /* 1 */
    {-0x1.72ed54p-1f, -0x1.72ed54p-1f, ABOVE}, /* 1 */
    {-0x1.7b8524p-1f, -0x1.7b8524p-1f, ABOVE}, /* 1 */
    {-0x1.7ce4c2p-1f, -0x1.7ce4c2p-1f, ABOVE}, /* 1 */
    {-0x1.80525ap-1f, -0x1.80525ap-1f, ABOVE}, /* 1 */
    {-0x1.80dc1ep-1f, -0x1.80dc1ep-1f, BELOW}, /* 1 */
    {-0x1.80e45ap-1f, -0x1.80e45ap-1f, ABOVE}, /* 1 */
    {-0x1.80eacep-1f, -0x1.80eacep-1f, ABOVE}, /* 1 */
    {-0x1.80ead2p-1f, -0x1.80ead2p-1f, BELOW}, /* 1 */
    {-0x1.80ead6p-1f, -0x1.80ead6p-1f, ABOVE}, /* 1 */
    {-0x1.80eadep-1f, -0x1.80eadep-1f, ABOVE}, /* 1 */
    {-0x1.80eb02p-1f, -0x1.80eb02p-1f, BELOW}, /* 1 */
    {-0x1.80eb12p-1f, -0x1.80eb12p-1f, ABOVE}, /* 1 */
    {-0x1.80edfp-1f, -0x1.80edfp-1f, BELOW}, /* 1 */
    {-0x1.816d02p-1f, -0x1.816d02p-1f, BELOW}, /* 1 */
    {-0x1.87241ap-1f, -0x1.87241ap-1f, BELOW}, /* 1 */
    {-0x1.a764e4p-1f, -0x1.a764e4p-1f, BELOW}, /* 1 */
    {-0x1.d809aap-1f, -0x1.d809aap-1f, ABOVE}, /* 1 */
    {-0x1.131bf4p+0f, -0x1.131bf4p+0f, BELOW}, /* 1 */
    {-0x1.ec0b9cp+2f, -0x1.ec0b9cp+2f, ABOVE}, /* 1 */
    {-0x1.cb4bb8p+3f, -0x1.cb4bb8p+3f, BELOW}, /* 1 */
};

static const fa_hard_run gelu_tanh_runs[] = { /* 61146f24039d */
    {0x1p-149f, 0x1.fffffep-126f, ABOVE}, /* 8388608 */
    {0x1.954ecap-25f, 0x1.954ecap-25f, BELOW}, /* 1 */
    {0x1.f0660cp-24f, 0x1.48563ap-20f, ABOVE}, /* 3 */
    {0x1.cd90f2p-19f, 0x1.051d12p-15f, BELOW}, /* 5 */
    {0x1.cf20aap-15f, 0x1.cf20aap-15f, ABOVE}, /* 1 */
    {0x1.9437c4p-14f, 0x1.9437c4p-14f, BELOW}, /* 1 */
    {0x1.ff4152p-9f, 0x1.ff4152p-9f, ABOVE}, /* 1 */
    {0x1.26ef52p-8f, 0x1.fefc24p-8f, BELOW}, /* 3 */
    {0x1.dfd60cp-7f, 0x1.0af926p-5f, ABOVE}, /* 2 */
    {0x1.56d068p-2f, 0x1.829b1ep-1f, BELOW}, /* 3 */
    {0x1.0f167p+2f, 0x1.0f167p+2f, ABOVE}, /* 1 */
    {-0x1p-149f, -0x1.fffffep-126f, BELOW}, /* 8388608 */
    {-0x1.954ecap-25f, -0x1.954ecap-25f, ABOVE}, /* 1 */
    {-0x1.f0660cp-24f, -0x1.48563ap-20f, BELOW}, /* 3 */
    {-0x1.cd90f2p-19f, -0x1.051d12p-15f, ABOVE}, /* 5 */
    {-0x1.cf20aap-15f, -0x1.cf20aap-15f, BELOW}, /* 1 */
    {-0x1.9437c4p-14f, -0x1.2e6674p-8f, ABOVE}, /* 3 */
    {-0x1.dfd60cp-7f, -0x1.0af926p-5f, BELOW}, /* 2 */
    {-0x1.ee670ap+1f, -0x1.ee670ap+1f, ABOVE}, /* 1 */
    {-0x1.a6a838p+2f, -0x1.a6a838p+2f, BELOW}, /* 1 */
};

static const fa_hard_run gelu_tanh_derivative_runs[] = { /* f24d9e7daa9e */
    {0x1.40d932p-25f, 0x1.40d932p-25f, ABOVE}, /* 1 */
    {0x1.25fb02p-13f, 0x1.42712p-5f, BELOW}, /* 6 */
    {0x1.d0aa06p-2f, 0x1.1c4c64p+0f, ABOVE}, /* 3 */
    {-0x1.40d932p-26f, -0x1.40d932p-26f, BELOW}, /* 1 */
    {-0x1.0a544ap-17f, -0x1.f84d62p-15f, ABOVE}, /* 2 */
    {-0x1.7296dep-14f, -0x1.2101a4p-13f, BELOW}, /* 2 */
    {-0x1.98ada8p-12f, -0x1.98ada8p-12f, ABOVE}, /* 1 */
    {-0x1.22f8f8p-9f, -0x1.af0facp-5f, BELOW}, /* 3 */
    {-0x1.ec36f6p-4f, -0x1.ec36f6p-4f, ABOVE}, /* 1 */
    {-0x1.09afb4p-1f, -0x1.09afb4p-1f, BELOW}, /* 1 */
    {-0x1.80677p-1f, -0x1.80677p-1f, BELOW}, /* 1 */
    {-0x1.80ef76p-1f, -0x1.80ef76p-1f, BELOW}, /* 1 */
    {-0x1.812b68p-1f, -0x1.812b68p-1f, BELOW}, /* 1 */
    {-0x1.813a2p-1f, -0x1.813a2p-1f, ABOVE}, /* 1 */
    {-0x1.8141a6p-1f, -0x1.8141a6p-1f, BELOW}, /* 1 */
    {-0x1.81429cp-1f, -0x1.81429cp-1f, ABOVE}, /* 1 */
    {-0x1.81429ep-1f, -0x1.81429ep-1f, BELOW}, /* 1 */
    {-0x1.8142ap-1f, -0x1.8142ap-1f, BELOW}, /* 1 */
    {-0x1.8142b6p-1f, -0x1.8142b6p-1f, ABOVE}, /* 1 */
    {-0x1.81433cp-1f, -0x1.81433cp-1f, ABOVE}, /* 1 */
    {-0x1.8179e2p-1f, -0x1.8179e2p-1f, BELOW}, /* 1 */
    {-0x1.81a5e6p-1f, -0x1.81a5e6p-1f, ABOVE}, /* 1 */
    {-0x1.822dap-1f, -0x1.822dap-1f, ABOVE}, /* 1 */
    {-0x1.8280e4p-1f, -0x1.8280e4p-1f, BELOW}, /* 1 */
    {-0x1.8506aap-1f, -0x1.8506aap-1f, ABOVE}, /* 1 */
    {-0x1.d700e2p-1f, -0x1.d700e2p-1f, ABOVE}, /* 1 */
    {-0x1.1baf8cp+2f, -0x1.1baf8cp+2f, ABOVE}, /* 1 */
    {-0x1.99fdaap+2f, -0x1.b999eep+2f, BELOW}, /* 2 */
};

static const fa_hard_run gelu_quick_runs[] = { /* 73d9e2771ea9 */
    {0x1p-149f, 0x1.b6c742p-23f, ABOVE}, /* 8388610 */
    {0x1.c19d3p-21f, 0x1.c19d3p-21f, BELOW}, /* 1 */
    {0x1.88437cp-15f, 0x1.88437cp-15f, ABOVE}, /* 1 */
    {0x1.e3eea4p-15f, 0x1.bc1a2cp-13f, BELOW}, /* 2 */
    {0x1.e2fa4ep-9f, 0x1.10ade8p-8f, ABOVE}, /* 2 */
    {0x1.f5025p-7f, 0x1.51c89cp-6f, BELOW}, /* 2 */
    {0x1.728a58p+0f, 0x1.0e048cp+1f, ABOVE}, /* 2 */
    {-0x1p-149f, -0x1.b6c742p-23f, BELOW}, /* 8388610 */
    {-0x1.c19d3p-21f, -0x1.c19d3p-21f, ABOVE}, /* 1 */
    {-0x1.88437cp-15f, -0x1.88437cp-15f, BELOW}, /* 1 */
    {-0x1.e3eea4p-15f, -0x1.bc1a2cp-13f, ABOVE}, /* 2 */
    {-0x1.e2fa4ep-9f, -0x1.10ade8p-8f, BELOW}, /* 2 */
    {-0x1.f5025p-7f, -0x1.fa0f7cp-1f, ABOVE}, /* 4 */
    {-0x1.21f914p+0f, -0x1.21f914p+0f, BELOW}, /* 1 */
    {-0x1.e79104p+2f, -0x1.e79104p+2f, ABOVE}, /* 1 */
    {-0x1.61a902p+4f, -0x1.61a902p+4f, BELOW}, /* 1 */
    {-0x1.ea1946p+4f, -0x1.ea1946p+4f, ABOVE}, /* 1 */
};

static const fa_hard_run gelu_quick_derivative_runs[] = { /* c120205f6c22 */
    {0x1.2cd294p-25f, 0x1.2cd294p-25f, ABOVE}, /* 1 */
    {0x1.780738p-23f, 0x1.d155bcp-19f, BELOW}, /* 3 */
    {0x1.58e36cp-16f, 0x1.58e36cp-16f, ABOVE}, /* 1 */
    {0x1.221e48p-11f, 0x1.96b58ap-11f, BELOW}, /* 2 */
    {0x1.afca3ap-11f, 0x1.afca3ap-11f, ABOVE}, /* 1 */
    {0x1.e8a9bep-10f, 0x1.106e9ap-2f, BELOW}, /* 6 */
    {0x1.ed97a4p-1f, 0x1.5636d6p+0f, ABOVE}, /* 2 */
    {0x1.69a2fp+0f, 0x1.69a2fp+0f, BELOW}, /* 1 */
    {-0x1.2cd294p-26f, -0x1.2cd294p-26f, BELOW}, /* 1 */
    {-0x1.780738p-24f, -0x1.d155bcp-20f, ABOVE}, /* 3 */
    {-0x1.a671b6p-17f, -0x1.a671b6p-17f, BELOW}, /* 1 */
    {-0x1.b7c6d8p-16f, -0x1.f857f8p-9f, ABOVE}, /* 6 */
    {-0x1.0c8912p-5f, -0x1.0c8912p-5f, BELOW}, /* 1 */
    {-0x1.8043eep-1f, -0x1.8043eep-1f, ABOVE}, /* 1 */
    {-0x1.804682p-1f, -0x1.804682p-1f, BELOW}, /* 1 */
    {-0x1.8062b2p-1f, -0x1.8062b2p-1f, ABOVE}, /* 1 */
    {-0x1.80966cp-1f, -0x1.80966cp-1f, ABOVE}, /* 1 */
    {-0x1.80972ep-1f, -0x1.80972ep-1f, BELOW}, /* 1 */
    {-0x1.809746p-1f, -0x1.809746p-1f, ABOVE}, /* 1 */
    {-0x1.809748p-1f, -0x1.809748p-1f, BELOW}, /* 1 */
    {-0x1.80974ap-1f, -0x1.80974ap-1f, ABOVE}, /* 1 */
    {-0x1.809766p-1f, -0x1.809766p-1f, ABOVE}, /* 1 */
    {-0x1.809cfcp-1f, -0x1.809cfcp-1f, ABOVE}, /* 1 */
    {-0x1.80a06cp-1f, -0x1.80a06cp-1f, BELOW}, /* 1 */
    {-0x1.80ac8ep-1f, -0x1.80ac8ep-1f, BELOW}, /* 1 */
    {-0x1.80db3ap-1f, -0x1.80db3ap-1f, ABOVE}, /* 1 */
    {-0x1.814a36p-1f, -0x1.814a36p-1f, BELOW}, /* 1 */
    {-0x1.831502p-1f, -0x1.831502p-1f, BELOW}, /* 1 */
    {-0x1.55bedcp+2f, -0x1.403778p+4f, BELOW}, /* 2 */
    {-0x1.afde8ep+5f, -0x1.afde8ep+5f, ABOVE}, /* 1 */
};

static const fa_hard_run softplus_runs[] = { /* 7f9945e8f639 */
    {0x1.105c6p-24f, 0x1.105c6p-24f, BELOW}, /* 1 */
    {0x1.d4413cp-18f, 0x1.4d9ea6p-13f, ABOVE}, /* 2 */
    {0x1.172c44p-12f, 0x1.172c44p-12f, BELOW}, /* 1 */
    {0x1.898792p-12f, 0x1.8a1536p-7f, ABOVE}, /* 7 */
    {0x1.4d3846p-1f, 0x1.47f11p+2f, BELOW}, /* 3 */
    {-0x1.df473ep-25f, -0x1.df473ep-25f, ABOVE}, /* 1 */
    {-0x1.df474p-25f, -0x1.0bbeap-18f, BELOW}, /* 3 */
    {-0x1.5bbeacp-18f, -0x1.5bbeacp-18f, ABOVE}, /* 1 */
    {-0x1.6478cap-15f, -0x1.b83edep-14f, BELOW}, /* 2 */
    {-0x1.12a0b2p-11f, -0x1.2598cap-10f, ABOVE}, /* 3 */
    {-0x1.c0c966p-3f, -0x1.605a5ap-2f, BELOW}, /* 2 */
    {-0x1.c4490ap-2f, -0x1.53441p-1f, ABOVE}, /* 2 */
    {-0x1.2ab37ep+3f, -0x1.2ab37ep+3f, BELOW}, /* 1 */
    {-0x1.65cf3p+6f, -0x1.65cf3p+6f, ABOVE}, /* 1 */
};

static const fa_hard_run log_sigmoid_runs[] = { /* 80e85d7b849b */
    {0x1.df473ep-25f, 0x1.df473ep-25f, ABOVE}, /* 1 */
    {0x1.df474p-25f, 0x1.0bbeap-18f, BELOW}, /* 3 */
    {0x1.5bbeacp-18f, 0x1.5bbeacp-18f, ABOVE}, /* 1 */
    {0x1.6478cap-15f, 0x1.b83edep-14f, BELOW}, /* 2 */
    {0x1.12a0b2p-11f, 0x1.2598cap-10f, ABOVE}, /* 3 */
    {0x1.c0c966p-3f, 0x1.605a5ap-2f, BELOW}, /* 2 */
    {0x1.c4490ap-2f, 0x1.53441p-1f, ABOVE}, /* 2 */
    {0x1.2ab37ep+3f, 0x1.2ab37ep+3f, BELOW}, /* 1 */
    {0x1.65cf3p+6f, 0x1.65cf3p+6f, ABOVE}, /* 1 */
    {-0x1.105c6p-24f, -0x1.105c6p-24f, BELOW}, /* 1 */
    {-0x1.d4413cp-18f, -0x1.4d9ea6p-13f, ABOVE}, /* 2 */
    {-0x1.172c44p-12f, -0x1.172c44p-12f, BELOW}, /* 1 */
    {-0x1.898792p-12f, -0x1.8a1536p-7f, ABOVE}, /* 7 */
    {-0x1.4d3846p-1f, -0x1.47f11p+2f, BELOW}, /* 3 */
};

static const fa_hard_run log_sigmoid_derivative_runs[] = { /* 73e6901c8ba2 */
    {0x1p-24f, 0x1.250c02p-10f, ABOVE}, /* 294 */
    {0x1.46c7e8p-4f, 0x1.c9bb96p+3f, BELOW}, /* 4 */
    {0x1.65cf3p+6f, 0x1.65cf3p+6f, ABOVE}, /* 1 */
    {-0x1p-23f, -0x1.184a1cp-8f, BELOW}, /* 189 */
    {-0x1.f51aap-8f, -0x1.f51aap-8f, ABOVE}, /* 1 */
    {-0x1.1956d4p-5f, -0x1.437902p-5f, BELOW}, /* 2 */
    {-0x1.1bff5ep-2f, -0x1.65937p-2f, ABOVE}, /* 2 */
};

static const fa_hard_run log1mexp_runs[] = { /* ae49d0f6e7c2 */
    {0x1.55c90ep-123f, 0x1.6580a8p-112f, BELOW}, /* 5 */
    {0x1.80c1f4p-112f, 0x1.390ffp-93f, ABOVE}, /* 7 */
    {0x1.64afc6p-92f, 0x1.64afc6p-92f, BELOW}, /* 1 */
    {0x1.f9b094p-88f, 0x1.b96da8p-87f, ABOVE}, /* 2 */
    {0x1.20e0aap-86f, 0x1.20e0aap-86f, BELOW}, /* 1 */
    {0x1.5db3eap-85f, 0x1.0ee5d6p-84f, ABOVE}, /* 3 */
    {0x1.8bdcf4p-82f, 0x1.8bdcf4p-82f, BELOW}, /* 1 */
    {0x1.60de54p-78f, 0x1.60de54p-78f, ABOVE}, /* 1 */
    {0x1.b514ap-77f, 0x1.bfa42ep-76f, BELOW}, /* 3 */
    {0x1.43b70ep-75f, 0x1.5901b8p-74f, ABOVE}, /* 4 */
    {0x1.6f8626p-74f, 0x1.0356a4p-72f, BELOW}, /* 4 */
    {0x1.93cf82p-68f, 0x1.22d57p-65f, ABOVE}, /* 3 */
    {0x1.1a44fcp-64f, 0x1.24b5a8p-58f, BELOW}, /* 2 */
    {0x1.edabp-58f, 0x1.dfe286p-55f, ABOVE}, /* 3 */
    {0x1.51f628p-54f, 0x1.51f628p-54f, BELOW}, /* 1 */
    {0x1.7ce69ep-52f, 0x1.e25cc2p-52f, ABOVE}, /* 2 */
    {0x1.042e5cp-49f, 0x1.042e5cp-49f, BELOW}, /* 1 */
    {0x1.b1dd88p-49f, 0x1.bcf34cp-39f, ABOVE}, /* 7 */
    {0x1.fdfe4p-39f, 0x1.f58178p-34f, BELOW}, /* 3 */
    {0x1.a4c0fap-33f, 0x1.75e462p-26f, ABOVE}, /* 3 */
    {0x1.10fd8ap-22f, 0x1.10fd8ap-22f, BELOW}, /* 1 */
    {0x1.c2023ap-22f, 0x1.c2023ap-22f, ABOVE}, /* 1 */
    {0x1.46eebep-20f, 0x1.c37b8ep-8f, BELOW}, /* 5 */
    {0x1.a52b4ap-4f, 0x1.a52b4ap-4f, ABOVE}, /* 1 */
    {0x1.4a558cp-3f, 0x1.4a558cp-3f, BELOW}, /* 1 */
    {0x1.fb3d74p+1f, 0x1.fb3d74p+1f, ABOVE}, /* 1 */
    {0x1.20c052p+2f, 0x1.8e98ccp+4f, BELOW}, /* 2 */
    {0x1.65cf3p+6f, 0x1.65cf3p+6f, ABOVE}, /* 1 */
};

static const fa_hard_run log1mexp_derivative_runs[] = { /* c4a3c221b8cb */
    {0x1.fffffep-71f, 0x1.fffffep-48f, ABOVE}, /* 103 */
    {0x1.0d3226p-47f, 0x1.fffffep-47f, BELOW}, /* 30 */
    {0x1.9efa0ap-44f, 0x1.9efa0ap-44f, ABOVE}, /* 1 */
    {0x1.02c96p-43f, 0x1.02c96p-43f, BELOW}, /* 1 */
    {0x1.2db79ep-43f, 0x1.564f64p-43f, ABOVE}, /* 2 */
    {0x1.8f7ce2p-34f, 0x1.8f7ce2p-34f, BELOW}, /* 1 */
    {0x1.b46a76p-33f, 0x1.b46a76p-33f, ABOVE}, /* 1 */
    {0x1.7330dp-32f, 0x1.7330dp-32f, BELOW}, /* 1 */
    {0x1.03a6aap-31f, 0x1.f8fc7ep-30f, ABOVE}, /* 3 */
    {0x1.95721p-29f, 0x1.4ff43ap-26f, BELOW}, /* 2 */
    {0x1.555556p-26f, 0x1p-24f, ABOVE}, /* 4 */
    {0x1.820182p-23f, 0x1.820182p-23f, BELOW}, /* 1 */
    {0x1.15d1e2p-20f, 0x1.a9d66p-18f, ABOVE}, /* 3 */
    {0x1.faef14p-17f, 0x1.70e702p-11f, BELOW}, /* 2 */
    {0x1.1ac588p-8f, 0x1.58acf8p-5f, ABOVE}, /* 2 */
    {0x1.8f936cp-4f, 0x1.8f936cp-4f, BELOW}, /* 1 */
    {0x1.65cf3p+6f, 0x1.65cf3p+6f, ABOVE}, /* 1 */
};

static const fa_hard_run sqrt_softplus_runs[] = { /* 16ec49a29034 */
    {0x1.97dba6p-23f, 0x1.97dba6p-23f, ABOVE}, /* 1 */
    {0x1.081dcp-20f, 0x1.081dcp-20f, BELOW}, /* 1 */
    {0x1.dd400ap-20f, 0x1.dd400ap-20f, ABOVE}, /* 1 */
    {0x1.73d572p-19f, 0x1.73d572p-19f, BELOW}, /* 1 */
    {0x1.24ea4p-16f, 0x1.4f8004p-11f, ABOVE}, /* 2 */
    {0x1.ca9ff4p-9f, 0x1.ca9ff4p-9f, BELOW}, /* 1 */
    {0x1.4d01f8p-8f, 0x1.cb5f32p-8f, ABOVE}, /* 3 */
    {0x1.476874p-6f, 0x1.476874p-6f, BELOW}, /* 1 */
    {0x1.9da336p-6f, 0x1.10935ap-5f, ABOVE}, /* 2 */
    {0x1.a58ae2p-4f, 0x1.529b1ap+2f, BELOW}, /* 3 */
    {0x1.300972p+3f, 0x1.2d93fep+4f, ABOVE}, /* 3 */
    {0x1.fffffep+5f, 0x1.fffffep+127f, BELOW}, /* 123 */
    {-0x1.268f28p-27f, -0x1.268f32p-27f, ABOVE}, /* 6 */
    {-0x1.268f34p-27f, -0x1.268f4p-27f, BELOW}, /* 7 */
    {-0x1.bcad8cp-23f, -0x1.9033a2p-18f, ABOVE}, /* 2 */
    {-0x1.b7e07cp-17f, -0x1.b7e07cp-17f, BELOW}, /* 1 */
    {-0x1.6e77eap-16f, -0x1.6e77eap-16f, ABOVE}, /* 1 */
    {-0x1.04a06ep-14f, -0x1.04a06ep-14f, BELOW}, /* 1 */
    {-0x1.71b146p-14f, -0x1.71b146p-14f, ABOVE}, /* 1 */
    {-0x1.05714cp-10f, -0x1.e9e3b8p-8f, BELOW}, /* 3 */
    {-0x1.9eaf1cp-4f, -0x1.8f760cp-2f, ABOVE}, /* 2 */
    {-0x1.197daep-1f, -0x1.197daep-1f, BELOW}, /* 1 */
    {-0x1.4dc17cp-1f, -0x1.65cf3p+7f, ABOVE}, /* 3 */
};

static const fa_hard_run sqrt_softplus_derivative_runs[] = { /* ba9e00f32adc */
    {0x1.5a3d34p-22f, 0x1.5a3d34p-22f, BELOW}, /* 1 */
    {0x1.5a3d36p-22f, 0x1.8126c6p-15f, ABOVE}, /* 5 */
    {0x1.db38bcp-5f, 0x1.798552p-2f, BELOW}, /* 3 */
    {0x1.3b8baep+1f, 0x1.3ed104p+4f, ABOVE}, /* 2 */
    {0x1.a8d368p+4f, 0x1.cd844ep+4f, BELOW}, /* 2 */
    {0x1.13e07p+5f, 0x1.13e07p+5f, ABOVE}, /* 1 */
    {0x1.7431c6p+5f, 0x1.7431c6p+5f, BELOW}, /* 1 */
    {0x1.13e07p+7f, 0x1.13e07p+7f, ABOVE}, /* 1 */
    {0x1.7431c6p+7f, 0x1.7431c6p+7f, BELOW}, /* 1 */
    {0x1.13e07p+9f, 0x1.13e07p+9f, ABOVE}, /* 1 */
    {0x1.7431c6p+9f, 0x1.7431c6p+9f, BELOW}, /* 1 */
    {0x1.13e07p+11f, 0x1.13e07p+11f, ABOVE}, /* 1 */
    {0x1.7431c6p+11f, 0x1.7431c6p+11f, BELOW}, /* 1 */
    {0x1.13e07p+13f, 0x1.13e07p+13f, ABOVE}, /* 1 */
    {0x1.7431c6p+13f, 0x1.7431c6p+13f, BELOW}, /* 1 */
    {0x1.13e07p+15f, 0x1.13e07p+15f, ABOVE}, /* 1 */
    {0x1.7431c6p+15f, 0x1.7431c6p+15f, BELOW}, /* 1 */
    {0x1.13e07p+17f, 0x1.13e07p+17f, ABOVE}, /* 1 */
    {0x1.7431c6p+17f, 0x1.7431c6p+17f, BELOW}, /* 1 */
    {0x1.13e07p+19f, 0x1.13e07p+19f, ABOVE}, /* 1 */
    {0x1.7431c6p+19f, 0x1.7431c6p+19f, BELOW}, /* 1 */
    {0x1.13e07p+21f, 0x1.13e07p+21f, ABOVE}, /* 1 */
    {0x1.7431c6p+21f, 0x1.7431c6p+21f, BELOW}, /* 1 */
    {0x1.13e07p+23f, 0x1.13e07p+23f, ABOVE}, /* 1 */
    {0x1.7431c6p+23f, 0x1.7431c6p+23f, BELOW}, /* 1 */
    {0x1.13e07p+25f, 0x1.13e07p+25f, ABOVE}, /* 1 */
    {0x1.7431c6p+25f, 0x1.7431c6p+25f, BELOW}, /* 1 */
    {0x1.13e07p+27f, 0x1.13e07p+27f, ABOVE}, /* 1 */
    {0x1.7431c6p+27f, 0x1.7431c6p+27f, BELOW}, /* 1 */
    {0x1.13e07p+29f, 0x1.13e07p+29f, ABOVE}, /* 1 */
    {0x1.7431c6p+29f, 0x1.7431c6p+29f, BELOW}, /* 1 */
    {0x1.13e07p+31f, 0x1.13e07p+31f, ABOVE}, /* 1 */
    {0x1.7431c6p+31f, 0x1.7431c6p+31f, BELOW}, /* 1 */
    {0x1.13e07p+33f, 0x1.13e07p+33f, ABOVE}, /* 1 */
    {0x1.7431c6p+33f, 0x1.7431c6p+33f, BELOW}, /* 1 */
    {0x1.13e07p+35f, 0x1.13e07p+35f, ABOVE}, /* 1 */
    {0x1.7431c6p+35f, 0x1.7431c6p+35f, BELOW}, /* 1 */
    {0x1.13e07p+37f, 0x1.13e07p+37f, ABOVE}, /* 1 */
    {0x1.7431c6p+37f, 0x1.7431c6p+37f, BELOW}, /* 1 */
    {0x1.13e07p+39f, 0x1.13e07p+39f, ABOVE}, /* 1 */
    {0x1.7431c6p+39f, 0x1.7431c6p+39f, BELOW}, /* 1 */
    {0x1.13e07p+41f, 0x1.13e07p+41f, ABOVE}, /* 1 */
    {0x1.7431c6p+41f, 0x1.7431c6p+41f, BELOW}, /* 1 */
    {0x1.13e07p+43f, 0x1.13e07p+43f, ABOVE}, /* 1 */
    {0x1.7431c6p+43f, 0x1.7431c6p+43f, BELOW}, /* 1 */
    {0x1.13e07p+45f, 0x1.13e07p+45f, ABOVE}, /* 1 */
    {0x1.7431c6p+45f, 0x1.7431c6p+45f, BELOW}, /* 1 */
    {0x1.13e07p+47f, 0x1.13e07p+47f, ABOVE}, /* 1 */
    {0x1.7431c6p+47f, 0x1.7431c6p+47f, BELOW}, /* 1 */
    {0x1.13e07p+49f, 0x1.13e07p+49f, ABOVE}, /* 1 */
    {0x1.7431c6p+49f, 0x1.7431c6p+49f, BELOW}, /* 1 */
    {0x1.13e07p+51f, 0x1.13e07p+51f, ABOVE}, /* 1 */
    {0x1.7431c6p+51f, 0x1.7431c6p+51f, BELOW}, /* 1 */
    {0x1.13e07p+53f, 0x1.13e07p+53f, ABOVE}, /* 1 */
    {0x1.7431c6p+53f, 0x1.7431c6p+53f, BELOW}, /* 1 */
    {0x1.13e07p+55f, 0x1.13e07p+55f, ABOVE}, /* 1 */
    {0x1.7431c6p+55f, 0x1.7431c6p+55f, BELOW}, /* 1 */
    {0x1.13e07p+57f, 0x1.13e07p+57f, ABOVE}, /* 1 */
    {0x1.7431c6p+57f, 0x1.7431c6p+57f, BELOW}, /* 1 */
    {0x1.13e07p+59f, 0x1.13e07p+59f, ABOVE}, /* 1 */
    {0x1.7431c6p+59f, 0x1.7431c6p+59f, BELOW}, /* 1 */
    {0x1.13e07p+61f, 0x1.13e07p+61f, ABOVE}, /* 1 */
    {0x1.7431c6p+61f, 0x1.7431c6p+61f, BELOW}, /* 1 */
    {0x1.13e07p+63f, 0x1.13e07p+63f, ABOVE}, /* 1 */
    {0x1.7431c6p+63f, 0x1.7431c6p+63f, BELOW}, /* 1 */
    {0x1.13e07p+65f, 0x1.13e07p+65f, ABOVE}, /* 1 */
    {0x1.7431c6p+65f, 0x1.7431c6p+65f, BELOW}, /* 1 */
    {0x1.13e07p+67f, 0x1.13e07p+67f, ABOVE}, /* 1 */
    {0x1.7431c6p+67f, 0x1.7431c6p+67f, BELOW}, /* 1 */
    {0x1.13e07p+69f, 0x1.13e07p+69f, ABOVE}, /* 1 */
    {0x1.7431c6p+69f, 0x1.7431c6p+69f, BELOW}, /* 1 */
    {0x1.13e07p+71f, 0x1.13e07p+71f, ABOVE}, /* 1 */
    {0x1.7431c6p+71f, 0x1.7431c6p+71f, BELOW}, /* 1 */
    {0x1.13e07p+73f, 0x1.13e07p+73f, ABOVE}, /* 1 */
    {0x1.7431c6p+73f, 0x1.7431c6p+73f, BELOW}, /* 1 */
    {0x1.13e07p+75f, 0x1.13e07p+75f, ABOVE}, /* 1 */
    {0x1.7431c6p+75f, 0x1.7431c6p+75f, BELOW}, /* 1 */
    {0x1.13e07p+77f, 0x1.13e07p+77f, ABOVE}, /* 1 */
    {0x1.7431c6p+77f, 0x1.7431c6p+77f, BELOW}, /* 1 */
    {0x1.13e07p+79f, 0x1.13e07p+79f, ABOVE}, /* 1 */
    {0x1.7431c6p+79f, 0x1.7431c6p+79f, BELOW}, /* 1 */
    {0x1.13e07p+81f, 0x1.13e07p+81f, ABOVE}, /* 1 */
    {0x1.7431c6p+81f, 0x1.7431c6p+81f, BELOW}, /* 1 */
    {0x1.13e07p+83f, 0x1.13e07p+83f, ABOVE}, /* 1 */
    {0x1.7431c6p+83f, 0x1.7431c6p+83f, BELOW}, /* 1 */
    {0x1.13e07p+85f, 0x1.13e07p+85f, ABOVE}, /* 1 */
    {0x1.7431c6p+85f, 0x1.7431c6p+85f, BELOW}, /* 1 */
    {0x1.13e07p+87f, 0x1.13e07p+87f, ABOVE}, /* 1 */
    {0x1.7431c6p+87f, 0x1.7431c6p+87f, BELOW}, /* 1 */
    {0x1.13e07p+89f, 0x1.13e07p+89f, ABOVE}, /* 1 */
    {0x1.7431c6p+89f, 0x1.7431c6p+89f, BELOW}, /* 1 */
    {0x1.13e07p+91f, 0x1.13e07p+91f, ABOVE}, /* 1 */
    {0x1.7431c6p+91f, 0x1.7431c6p+91f, BELOW}, /* 1 */
    {0x1.13e07p+93f, 0x1.13e07p+93f, ABOVE}, /* 1 */
    {0x1.7431c6p+93f, 0x1.7431c6p+93f, BELOW}, /* 1 */
    {0x1.13e07p+95f, 0x1.13e07p+95f, ABOVE}, /* 1 */
    {0x1.7431c6p+95f, 0x1.7431c6p+95f, BELOW}, /* 1 */
    {0x1.13e07p+97f, 0x1.13e07p+97f, ABOVE}, /* 1 */
    {0x1.7431c6p+97f, 0x1.7431c6p+97f, BELOW}, /* 1 */
    {0x1.13e07p+99f, 0x1.13e07p+99f, ABOVE}, /* 1 */
    {0x1.7431c6p+99f, 0x1.7431c6p+99f, BELOW}, /* 1 */
    {0x1.13e07p+101f, 0x1.13e07p+101f, ABOVE}, /* 1 */
    {0x1.7431c6p+101f, 0x1.7431c6p+101f, BELOW}, /* 1 */
    {0x1.13e07p+103f, 0x1.13e07p+103f, ABOVE}, /* 1 */
    {0x1.7431c6p+103f, 0x1.7431c6p+103f, BELOW}, /* 1 */
    {0x1.13e07p+105f, 0x1.13e07p+105f, ABOVE}, /* 1 */
    {0x1.7431c6p+105f, 0x1.7431c6p+105f, BELOW}, /* 1 */
    {0x1.13e07p+107f, 0x1.13e07p+107f, ABOVE}, /* 1 */
    {0x1.7431c6p+107f, 0x1.7431c6p+107f, BELOW}, /* 1 */
    {0x1.13e07p+109f, 0x1.13e07p+109f, ABOVE}, /* 1 */
    {0x1.7431c6p+109f, 0x1.7431c6p+109f, BELOW}, /* 1 */
    {0x1.13e07p+111f, 0x1.13e07p+111f, ABOVE}, /* 1 */
    {0x1.7431c6p+111f, 0x1.7431c6p+111f, BELOW}, /* 1 */
    {0x1.13e07p+113f, 0x1.13e07p+113f, ABOVE}, /* 1 */
    {0x1.7431c6p+113f, 0x1.7431c6p+113f, BELOW}, /* 1 */
    {0x1.13e07p+115f, 0x1.13e07p+115f, ABOVE}, /* 1 */
    {0x1.7431c6p+115f, 0x1.7431c6p+115f, BELOW}, /* 1 */
    {0x1.13e07p+117f, 0x1.13e07p+117f, ABOVE}, /* 1 */
    {0x1.7431c6p+117f, 0x1.7431c6p+117f, BELOW}, /* 1 */
    {0x1.13e07p+119f, 0x1.13e07p+119f, ABOVE}, /* 1 */
    {0x1.7431c6p+119f, 0x1.7431c6p+119f, BELOW}, /* 1 */
    {0x1.13e07p+121f, 0x1.13e07p+121f, ABOVE}, /* 1 */
    {0x1.7431c6p+121f, 0x1.7431c6p+121f, BELOW}, /* 1 */
    {0x1.13e07p+123f, 0x1.13e07p+123f, ABOVE}, /* 1 */
    {0x1.7431c6p+123f, 0x1.7431c6p+123f, BELOW}, /* 1 */
    {0x1.13e07p+125f, 0x1.13e07p+125f, ABOVE}, /* 1 */
    {0x1.7431c6p+125f, 0x1.7431c6p+125f, BELOW}, /* 1 */
    {0x1.13e07p+127f, 0x1.13e07p+127f, ABOVE}, /* 1 */
    {0x1.7431c6p+127f, 0x1.7431c6p+127f, BELOW}, /* 1 */
    {-0x1.a2a27ap-22f, -0x1.5dd89cp-15f, ABOVE}, /* 5 */
    {-0x1.b4fc48p-13f, -0x1.b4fc48p-13f, BELOW}, /* 1 */
    {-0x1.86c5e4p-8f, -0x1.86c5e4p-8f, ABOVE}, /* 1 */
    {-0x1.3ca6e6p-4f, -0x1.3ca6e6p-4f, BELOW}, /* 1 */
    {-0x1.98d7e8p-4f, -0x1.ab7d0ep-1f, ABOVE}, /* 4 */
    {-0x1.ffb218p-1f, -0x1.b6060ap+2f, BELOW}, /* 3 */
    {-0x1.6aeaf6p+4f, -0x1.6aeaf6p+4f, ABOVE}, /* 1 */
};

static const fa_hard_run squareplus_runs[] = { /* 7594571faf19 */
    {0x1.fffffep-24f, 0x1.fffffep-24f, BELOW}, /* 1 */
    {0x1p-23f, 0x1.fcfe06p-15f, ABOVE}, /* 9 */
    {0x1.773bb4p-13f, 0x1.db9464p-11f, BELOW}, /* 2 */
    {0x1.2e1cdep-8f, 0x1.1e4ea4p-1f, ABOVE}, /* 19 */
    {0x1.251dp-1f, 0x1.251dp-1f, BELOW}, /* 1 */
    {0x1.56a3a4p-1f, 0x1.555552p+1f, ABOVE}, /* 13 */
    {0x1.b0dacp+1f, 0x1.b0dacp+1f, BELOW}, /* 1 */
    {0x1.0f22aep+2f, 0x1.1c71bep+3f, ABOVE}, /* 9 */
    {0x1.37ceb8p+3f, 0x1.9d2148p+3f, BELOW}, /* 4 */
    {0x1.c149bep+3f, 0x1.fa4842p+6f, ABOVE}, /* 29 */
    {0x1.130edp+7f, 0x1.7eae78p+7f, BELOW}, /* 2 */
    {0x1.010002p+8f, 0x1.041002p+9f, ABOVE}, /* 2 */
    {0x1.0c96d8p+9f, 0x1.8f9bfp+9f, BELOW}, /* 2 */
    {0x1.f07bfep+9f, 0x1.555552p+11f, ABOVE}, /* 3 */
    {0x1p+12f, 0x1p+12f, BELOW}, /* 1 */
    {-0x1p-24f, -0x1.93813ep-15f, ABOVE}, /* 2 */
    {-0x1.ffbffcp-12f, -0x1.b4ef4ep-11f, BELOW}, /* 3 */
    {-0x1.e9f69cp-10f, -0x1.e9f69cp-10f, ABOVE}, /* 1 */
    {-0x1.a363e2p-9f, -0x1.a363e2p-9f, BELOW}, /* 1 */
    {-0x1.9beb38p-4f, -0x1.96ae16p-2f, ABOVE}, /* 7 */
    {-0x1.b76c6p-2f, -0x1.b76c6p-2f, BELOW}, /* 1 */
    {-0x1.d1af7cp-2f, -0x1.ead146p-2f, ABOVE}, /* 3 */
    {-0x1.5b46dep-1f, -0x1.5b46dep-1f, BELOW}, /* 1 */
    {-0x1.c2effep-1f, -0x1.c2effep-1f, ABOVE}, /* 1 */
    {-0x1.07e21p+0f, -0x1.fffffcp+11f, BELOW}, /* 8 */
    {-0x1.1449e2p+14f, -0x1.02c96p+22f, ABOVE}, /* 3 */
    {-0x1.5c9f1p+22f, -0x1.fffffep+23f, BELOW}, /* 19 */
    {-0x1.0d3226p+24f, -0x1.fffffep+35f, ABOVE}, /* 49 */
};

static const fa_hard_run squareplus_derivative_runs[] = { /* 79ef26d80dcb */
    {0x1p-23f, 0x1.250c0cp-9f, BELOW}, /* 162 */
    {0x1.9a0fb8p-6f, 0x1.ee8e36p-4f, ABOVE}, /* 2 */
    {0x1.d0393ep+1f, 0x1.6df7acp+4f, BELOW}, /* 4 */
    {0x1.c8a512p+5f, 0x1.c8a512p+5f, ABOVE}, /* 1 */
    {0x1.72d55ap+9f, 0x1.2df5f8p+10f, BELOW}, /* 3 */
    {0x1.75e964p+10f, 0x1.6a09e6p+12f, ABOVE}, /* 2 */
    {-0x1p-24f, -0x1.5b7214p-9f, ABOVE}, /* 257 */
    {-0x1.5e5152p-8f, -0x1.fc8268p-2f, BELOW}, /* 2 */
    {-0x1.1e85dcp-1f, -0x1.d6d306p+0f, ABOVE}, /* 2 */
    {-0x1.b6b00cp+1f, -0x1.275c6cp+4f, BELOW}, /* 3 */
    {-0x1.d0dd42p+10f, -0x1.fffffap+11f, ABOVE}, /* 2 */
    {-0x1.fb78e6p+15f, -0x1.ae2d28p+16f, BELOW}, /* 3 */
    {-0x1.b1190cp+16f, -0x1.b1190cp+16f, ABOVE}, /* 1 */
    {-0x1.b6d954p+16f, -0x1.182e8p+63f, BELOW}, /* 40 */
    {-0x1.74776cp+63f, -0x1.74776cp+63f, ABOVE}, /* 1 */
    {-0x1.a445cp+64f, -0x1.a445cp+64f, BELOW}, /* 1 */
    {-0x1.40000ap+67f, -0x1.1c01aap+73f, ABOVE}, /* 3 */
    {-0x1p+75f, -0x1p+75f, BELOW}, /* 1 */
};

static const fa_hard_run mish_runs[] = { /* cf1afabd7ab7 */
    {0x1.94c58p-27f, 0x1.4p-24f, BELOW}, /* 2 */
    {0x1.6cdb2cp-23f, 0x1.6cdb2cp-23f, ABOVE}, /* 1 */
    {0x1.10785ep-21f, 0x1.7dc9fap-11f, BELOW}, /* 5 */
    {0x1.b9276ap-9f, 0x1.b9276ap-9f, ABOVE}, /* 1 */
    {0x1.c989ap-9f, 0x1.c989ap-9f, BELOW}, /* 1 */
    {0x1.dbd944p-6f, 0x1.dbd944p-6f, ABOVE}, /* 1 */
    {0x1.edaca2p-6f, 0x1.edaca2p-6f, BELOW}, /* 1 */
    {0x1.327efep-1f, 0x1.118102p+0f, ABOVE}, /* 3 */
    {0x1.32e674p+2f, 0x1.e881bcp+2f, BELOW}, /* 2 */
    {-0x1.94c582p-27f, -0x1.5e8adcp-25f, ABOVE}, /* 3 */
    {-0x1.4p-24f, -0x1.e6d4c2p-12f, BELOW}, /* 9 */
    {-0x1.62328p-7f, -0x1.62328p-7f, ABOVE}, /* 1 */
    {-0x1.22eafcp-4f, -0x1.72a168p+2f, BELOW}, /* 2 */
    {-0x1.832b0cp+2f, -0x1.112108p+4f, ABOVE}, /* 2 */
    {-0x1.6bb004p+6f, -0x1.6bb004p+6f, BELOW}, /* 1 */
};

static const fa_hard_run mish_derivative_runs[] = { /* 0da3f7145a73 */
    {0x1.68p-24f, 0x1.4aa008p-18f, BELOW}, /* 3 */
    {0x1.b5301cp-17f, 0x1.b5301cp-17f, ABOVE}, /* 1 */
    {0x1.eb3336p-13f, 0x1.1caa28p-9f, BELOW}, /* 4 */
    {0x1.9a6948p-9f, 0x1.119a7p-8f, ABOVE}, /* 2 */
    {0x1.dd68eap-8f, 0x1.dd68eap-8f, BELOW}, /* 1 */
    {0x1.c976f4p-5f, 0x1.ab553ep+2f, ABOVE}, /* 3 */
    {-0x1.3ffffap-27f, -0x1.3ffffep-27f, ABOVE}, /* 3 */
    {-0x1.4p-27f, -0x1.b8p-24f, BELOW}, /* 5 */
    {-0x1.477ffep-20f, -0x1.715ff6p-18f, ABOVE}, /* 2 */
    {-0x1.8393a8p-15f, -0x1.d720fcp-14f, BELOW}, /* 2 */
    {-0x1.eaa8e6p-14f, -0x1.eaa8e6p-14f, ABOVE}, /* 1 */
    {-0x1.02e4fcp-10f, -0x1.02e4fcp-10f, BELOW}, /* 1 */
    {-0x1.1d89d8p-9f, -0x1.1d89d8p-9f, ABOVE}, /* 1 */
    {-0x1.07eep-8f, -0x1.07eep-8f, BELOW}, /* 1 */
    {-0x1.564d7ap-7f, -0x1.564d7ap-7f, ABOVE}, /* 1 */
    {-0x1.5a0dc6p-7f, -0x1.db443p-6f, BELOW}, /* 2 */
    {-0x1.3136bep+0f, -0x1.3136bep+0f, BELOW}, /* 1 */
    {-0x1.313fbcp+0f, -0x1.313fbcp+0f, BELOW}, /* 1 */
    {-0x1.3142dcp+0f, -0x1.3142dcp+0f, ABOVE}, /* 1 */
    {-0x1.3143p+0f, -0x1.3143p+0f, ABOVE}, /* 1 */
    {-0x1.314304p+0f, -0x1.314304p+0f, BELOW}, /* 1 */
    {-0x1.31432ap+0f, -0x1.31432ap+0f, BELOW}, /* 1 */
    {-0x1.31432cp+0f, -0x1.31432cp+0f, BELOW}, /* 1 */
    {-0x1.314fap+0f, -0x1.314fap+0f, BELOW}, /* 1 */
    {-0x1.31cc9cp+0f, -0x1.31cc9cp+0f, BELOW}, /* 1 */
    {-0x1.333fd8p+0f, -0x1.333fd8p+0f, BELOW}, /* 1 */
    {-0x1.342bd4p+0f, -0x1.342bd4p+0f, ABOVE}, /* 1 */
    {-0x1.7fe95cp+0f, -0x1.7fe95cp+0f, ABOVE}, /* 1 */
    {-0x1.28e5e4p+2f, -0x1.28e5e4p+2f, BELOW}, /* 1 */
    {-0x1.2aac9ep+2f, -0x1.7938eap+2f, ABOVE}, /* 2 */
    {-0x1.d2fbcap+5f, -0x1.d2fbcap+5f, BELOW}, /* 1 */
};

static const fa_hard_run dish_runs[] = { /* 76ad256d7fa0 */
    {0x1p-149f, 0x1.fffffep-126f, ABOVE}, /* 8388608 */
    {0x1.6a09e6p-25f, 0x1.8dc0f2p-17f, BELOW}, /* 13 */
    {0x1.eb1282p-17f, 0x1.eb1282p-17f, ABOVE}, /* 1 */
    {0x1.1p-16f, 0x1.3p-16f, BELOW}, /* 3 */
    {0x1.408caep-13f, 0x1.408caep-13f, ABOVE}, /* 1 */
    {0x1.d1ab6p-12f, 0x1.8be6c8p-6f, BELOW}, /* 4 */
    {0x1.303ffap-4f, 0x1.bacfb6p-2f, ABOVE}, /* 3 */
    {0x1.3e6df2p-1f, 0x1.3e6df2p-1f, BELOW}, /* 1 */
    {0x1.3de8e4p+2f, 0x1.ab1438p+3f, ABOVE}, /* 5 */
    {0x1.4cdc3cp+4f, 0x1.4f66b6p+5f, BELOW}, /* 2 */
    {0x1.f5db04p+5f, 0x1.f5db04p+5f, ABOVE}, /* 1 */
    {0x1.040f84p+8f, 0x1.040f84p+8f, BELOW}, /* 1 */
    {0x1.8f9b9ep+8f, 0x1.8f9b9ep+8f, ABOVE}, /* 1 */
    {0x1.f07bbcp+8f, 0x1.55554cp+10f, BELOW}, /* 3 */
    {-0x1p-149f, -0x1.fffffep-126f, BELOW}, /* 8388608 */
    {-0x1p-25f, -0x1.8dc0f2p-17f, ABOVE}, /* 13 */
    {-0x1.eb1282p-17f, -0x1.eb1282p-17f, BELOW}, /* 1 */
    {-0x1.1p-16f, -0x1.3p-16f, ABOVE}, /* 3 */
    {-0x1.408caep-13f, -0x1.408caep-13f, BELOW}, /* 1 */
    {-0x1.d1ab6p-12f, -0x1.8be6c8p-6f, ABOVE}, /* 4 */
    {-0x1.303ffap-4f, -0x1.3b5498p-4f, BELOW}, /* 2 */
    {-0x1.d6c628p-4f, -0x1.9f9bc4p-2f, ABOVE}, /* 3 */
    {-0x1.b3cccep+0f, -0x1.b3cccep+0f, BELOW}, /* 1 */
    {-0x1.0ce1a8p+2f, -0x1.464f2ap+11f, ABOVE}, /* 3 */
    {-0x1.e9a80cp+17f, -0x1.e9a80cp+17f, BELOW}, /* 1 */
    {-0x1.6cf2bep+20f, -0x1.bd37ap+21f, ABOVE}, /* 3 */
    {-0x1.5a26cep+23f, -0x1.b847bap+23f, BELOW}, /* 8 */
    {-0x1.bd0d52p+23f, -0x1.fffffep+34f, ABOVE}, /* 55 */
};

static const fa_hard_run dish_derivative_runs[] = { /* c6c7bb2f9a34 */
    {0x1p-25f, 0x1.250c06p-11f, BELOW}, /* 204 */
    {0x1.1457c2p-8f, 0x1.1457c2p-8f, ABOVE}, /* 1 */
    {0x1.92a464p-8f, 0x1.374398p-4f, BELOW}, /* 4 */
    {0x1.445e2ap+1f, 0x1.c66d44p+5f, ABOVE}, /* 3 */
    {0x1.e47762p+5f, 0x1.e47762p+5f, BELOW}, /* 1 */
    {0x1.42cbccp+7f, 0x1.fffff6p+10f, ABOVE}, /* 3 */
    {-0x1p-26f, -0x1.428p-17f, ABOVE}, /* 323 */
    {-0x1.5b720ap-11f, -0x1.5b720ap-11f, BELOW}, /* 1 */
    {-0x1.976e82p-9f, -0x1.03f0ccp-8f, ABOVE}, /* 2 */
    {-0x1.365388p-8f, -0x1.365388p-8f, BELOW}, /* 1 */
    {-0x1.2f961ap-5f, -0x1.2f961ap-5f, ABOVE}, /* 1 */
    {-0x1.29c26ap-1f, -0x1.29c26ap-1f, ABOVE}, /* 1 */
    {-0x1.8ae7a4p-1f, -0x1.8ae7a4p-1f, ABOVE}, /* 1 */
    {-0x1.8de5b6p-1f, -0x1.8de5b6p-1f, BELOW}, /* 1 */
    {-0x1.8f0984p-1f, -0x1.8f0984p-1f, BELOW}, /* 1 */
    {-0x1.910c6cp-1f, -0x1.910c6cp-1f, ABOVE}, /* 1 */
    {-0x1.927db4p-1f, -0x1.927db4p-1f, ABOVE}, /* 1 */
    {-0x1.928132p-1f, -0x1.928132p-1f, ABOVE}, /* 1 */
    {-0x1.928158p-1f, -0x1.928158p-1f, BELOW}, /* 1 */
    {-0x1.9281dep-1f, -0x1.9281dep-1f, BELOW}, /* 1 */
    {-0x1.9281eep-1f, -0x1.9281eep-1f, BELOW}, /* 1 */
    {-0x1.928238p-1f, -0x1.928238p-1f, BELOW}, /* 1 */
    {-0x1.928266p-1f, -0x1.928266p-1f, ABOVE}, /* 1 */
    {-0x1.92826ep-1f, -0x1.92826ep-1f, ABOVE}, /* 1 */
    {-0x1.92827p-1f, -0x1.92827p-1f, ABOVE}, /* 1 */
    {-0x1.92828ap-1f, -0x1.92828ap-1f, BELOW}, /* 1 */
    {-0x1.928312p-1f, -0x1.928312p-1f, ABOVE}, /* 1 */
    {-0x1.92840ap-1f, -0x1.92840ap-1f, ABOVE}, /* 1 */
    {-0x1.92d662p-1f, -0x1.92d662p-1f, BELOW}, /* 1 */
    {-0x1.92e45cp-1f, -0x1.92e45cp-1f, ABOVE}, /* 1 */
    {-0x1.92f6b4p-1f, -0x1.92f6b4p-1f, BELOW}, /* 1 */
    {-0x1.933a54p-1f, -0x1.933a54p-1f, ABOVE}, /* 1 */
    {-0x1.939392p-1f, -0x1.939392p-1f, BELOW}, /* 1 */
    {-0x1.a5ecp-1f, -0x1.a5ecp-1f, ABOVE}, /* 1 */
    {-0x1.b24688p-1f, -0x1.b24688p-1f, ABOVE}, /* 1 */
    {-0x1.b416a4p-1f, -0x1.b416a4p-1f, ABOVE}, /* 1 */
    {-0x1.b8e984p-1f, -0x1.b8e984p-1f, ABOVE}, /* 1 */
    {-0x1.d90facp+0f, -0x1.d90facp+0f, ABOVE}, /* 1 */
    {-0x1.bafc14p+2f, -0x1.bafc14p+2f, BELOW}, /* 1 */
    {-0x1.84a9d6p+3f, -0x1.2d993ep+5f, ABOVE}, /* 2 */
    {-0x1.ed716cp+5f, -0x1.ed716cp+5f, BELOW}, /* 1 */
    {-0x1.24abp+7f, -0x1.24abp+7f, ABOVE}, /* 1 */
    {-0x1.6f3c74p+8f, -0x1.6f3c74p+8f, BELOW}, /* 1 */
    {-0x1.5723c8p+10f, -0x1.5723c8p+10f, ABOVE}, /* 1 */
    {-0x1.202d3cp+13f, -0x1.75e6ccp+17f, BELOW}, /* 3 */
    {-0x1.db8526p+19f, -0x1.db8526p+19f, ABOVE}, /* 1 */
    {-0x1.7ffap+20f, -0x1.7ffap+20f, BELOW}, /* 1 */
    {-0x1.c6b026p+20f, -0x1.5e6ec4p+23f, ABOVE}, /* 2 */
    {-0x1.a3b47p+25f, -0x1.182e8p+62f, BELOW}, /* 38 */
    {-0x1.74776cp+62f, -0x1.74776cp+62f, ABOVE}, /* 1 */
    {-0x1.a445cp+63f, -0x1.a445cp+63f, BELOW}, /* 1 */
    {-0x1.40000ap+66f, -0x1.1c01aap+72f, ABOVE}, /* 3 */
    {-0x1p+74f, -0x1p+74f, BELOW}, /* 1 */
};

static const fa_hard_run laplace_runs[] = { /* 37fb8472252c */
    {0x1.f9709p-28f, 0x1.86702cp-25f, BELOW}, /* 2 */
    {0x1.c7e3cap-25f, 0x1.25f6ep-23f, ABOVE}, /* 2 */
    {0x1.676a7ap-23f, 0x1.d20ee6p-22f, BELOW}, /* 3 */
    {0x1.5997f6p-20f, 0x1.50978ap-15f, ABOVE}, /* 6 */
    {0x1.5f6a4p-14f, 0x1.5f6a4p-14f, BELOW}, /* 1 */
    {0x1.39e5dap-13f, 0x1.53185p-8f, ABOVE}, /* 3 */
    {0x1.a99b42p-8f, 0x1.a99b42p-8f, BELOW}, /* 1 */
    {0x1.a968ep-5f, 0x1.a968ep-5f, ABOVE}, /* 1 */
    {0x1.e91734p-5f, 0x1.e91734p-5f, BELOW}, /* 1 */
    {-0x1.22c6c4p-32f, -0x1.22c6d4p-32f, ABOVE}, /* 9 */
    {-0x1.22c6d6p-32f, -0x1.22c6e4p-32f, BELOW}, /* 8 */
    {-0x1.0ee4b6p-27f, -0x1.0ee4b6p-27f, ABOVE}, /* 1 */
    {-0x1.065fecp-23f, -0x1.688d64p-23f, BELOW}, /* 2 */
    {-0x1.e6f0cep-21f, -0x1.e6f0cep-21f, ABOVE}, /* 1 */
    {-0x1.28a678p-20f, -0x1.2fc67p-19f, BELOW}, /* 2 */
    {-0x1.4dcfd4p-16f, -0x1.933d6cp-16f, ABOVE}, /* 2 */
    {-0x1.022884p-9f, -0x1.022884p-9f, BELOW}, /* 1 */
    {-0x1.339474p-9f, -0x1.339474p-9f, ABOVE}, /* 1 */
    {-0x1.b340c6p-9f, -0x1.48a6d8p-6f, BELOW}, /* 2 */
    {-0x1.687fb8p-1f, -0x1.a2dc3ep+0f, ABOVE}, /* 2 */
};

static const fa_hard_run laplace_derivative_runs[] = { /* f733eea5047d */
    {0x1.27359ap-28f, 0x1.27359ap-28f, ABOVE}, /* 1 */
    {0x1.3582e8p-26f, 0x1.ab5da8p-26f, BELOW}, /* 2 */
    {0x1.109c34p-25f, 0x1.7eeccp-17f, ABOVE}, /* 4 */
    {0x1.00992p-16f, 0x1.e4ddbcp-11f, BELOW}, /* 5 */
    {0x1.cf97eep-10f, 0x1.cf97eep-10f, ABOVE}, /* 1 */
    {0x1.cc00acp-8f, 0x1.cc00acp-8f, BELOW}, /* 1 */
    {0x1.29b53ap-7f, 0x1.cc6ee4p-4f, ABOVE}, /* 3 */
    {0x1.531818p-3f, 0x1.0603d2p-1f, BELOW}, /* 3 */
    {0x1.51f226p-1f, 0x1.51f226p-1f, ABOVE}, /* 1 */
    {0x1.57f798p-1f, 0x1.7c1c44p-1f, BELOW}, /* 2 */
    {0x1.8221b6p-1f, 0x1.8221b6p-1f, ABOVE}, /* 1 */
    {0x1.ce100ap-1f, 0x1.ec5902p-1f, BELOW}, /* 2 */
    {-0x1.606ad6p-29f, -0x1.606ad6p-29f, ABOVE}, /* 1 */
    {-0x1.606ad8p-29f, -0x1.606ad8p-29f, BELOW}, /* 1 */
    {-0x1.ed71bap-25f, -0x1.ed71bap-25f, ABOVE}, /* 1 */
    {-0x1.1d694p-23f, -0x1.e8e76ap-22f, BELOW}, /* 2 */
    {-0x1.adc146p-20f, -0x1.dbac3p-17f, ABOVE}, /* 3 */
    {-0x1.70236cp-16f, -0x1.70236cp-16f, BELOW}, /* 1 */
    {-0x1.e01086p-14f, -0x1.0def9p-9f, ABOVE}, /* 3 */
    {-0x1.727e9cp-9f, -0x1.a8dc6p-7f, BELOW}, /* 2 */
};

static const fa_hard_run ndtr_runs[] = { /* e8342caefc00 */
    {0x1.40d932p-24f, 0x1.40d932p-24f, ABOVE}, /* 1 */
    {0x1.775e1ap-15f, 0x1.e467eap-15f, BELOW}, /* 2 */
    {0x1.625fe4p-14f, 0x1.625fe4p-14f, ABOVE}, /* 1 */
    {0x1.bd6582p-13f, 0x1.bd6582p-13f, BELOW}, /* 1 */
    {0x1.c48656p-12f, 0x1.6466ep-9f, ABOVE}, /* 2 */
    {0x1.ec5916p-9f, 0x1.89c884p+0f, BELOW}, /* 5 */
    {-0x1.40d932p-25f, -0x1.c80cb8p-14f, BELOW}, /* 2 */
    {-0x1.425634p-13f, -0x1.425634p-13f, ABOVE}, /* 1 */
    {-0x1.6b48eep-11f, -0x1.6b48eep-11f, BELOW}, /* 1 */
    {-0x1.ffabf4p-9f, -0x1.ffabf4p-9f, ABOVE}, /* 1 */
    {-0x1.91e592p-7f, -0x1.91e592p-7f, BELOW}, /* 1 */
    {-0x1.c096c2p-6f, -0x1.c096c2p-6f, ABOVE}, /* 1 */
    {-0x1.f9a682p-3f, -0x1.7b96c2p+2f, BELOW}, /* 2 */
};

static const fa_hard_run ndtr_derivative_runs[] = { /* 0f5ebaffdf43 */
    {0x1.1866bap-13f, 0x1.1866bap-13f, ABOVE}, /* 1 */
    {0x1.1866bcp-13f, 0x1.673a16p-2f, BELOW}, /* 3 */
    {0x1.cf57aep+0f, 0x1.916fc6p+2f, ABOVE}, /* 3 */
    {-0x1.1866bap-13f, -0x1.1866bap-13f, ABOVE}, /* 1 */
    {-0x1.1866bcp-13f, -0x1.673a16p-2f, BELOW}, /* 3 */
    {-0x1.cf57aep+0f, -0x1.916fc6p+2f, ABOVE}, /* 3 */
};

static const fa_hard_run log_ndtr_runs[] = { /* 0ff3f1bc4f64 */
    {0x1.2c57d8p-25f, 0x1.8bef2ap-23f, BELOW}, /* 2 */
    {0x1.66643p-22f, 0x1.3f1ff2p-14f, ABOVE}, /* 4 */
    {0x1.836f5cp-14f, 0x1.836f5cp-14f, BELOW}, /* 1 */
    {0x1.88ab0ep-10f, 0x1.88ab0ep-10f, ABOVE}, /* 1 */
    {0x1.61237ep-4f, 0x1.71bd58p-4f, BELOW}, /* 2 */
    {0x1.93f6ccp-4f, 0x1.93f6ccp-4f, ABOVE}, /* 1 */
    {0x1.cde974p-3f, 0x1.cde974p-3f, BELOW}, /* 1 */
    {0x1.088604p-1f, 0x1.4e412ep+2f, ABOVE}, /* 2 */
    {-0x1.555a8cp-25f, -0x1.555a8cp-25f, BELOW}, /* 1 */
    {-0x1.7e49fap-21f, -0x1.7e49fap-21f, ABOVE}, /* 1 */
    {-0x1.1e1366p-19f, -0x1.5fe1dp-15f, BELOW}, /* 3 */
    {-0x1.7d6062p-13f, -0x1.84fb42p-12f, ABOVE}, /* 2 */
    {-0x1.830972p-10f, -0x1.0c107p-9f, BELOW}, /* 2 */
    {-0x1.48821ap-5f, -0x1.48821ap-5f, ABOVE}, /* 1 */
    {-0x1.63dcfap-4f, -0x1.63dcfap-4f, BELOW}, /* 1 */
    {-0x1.97334ap-4f, -0x1.979364p+1f, ABOVE}, /* 3 */
    {-0x1.40eb7ep+5f, -0x1.17e394p+16f, BELOW}, /* 5 */
    {-0x1.1830bep+16f, -0x1.1830bep+16f, ABOVE}, /* 1 */
    {-0x1.c49bc6p+17f, -0x1.c49bc6p+17f, BELOW}, /* 1 */
    {-0x1.e0f198p+19f, -0x1.e0f198p+19f, ABOVE}, /* 1 */
    {-0x1.054478p+21f, -0x1.ea62eap+22f, BELOW}, /* 2 */
    {-0x1.001p+27f, -0x1.69fp+64f, ABOVE}, /* 32224 */
};

static const fa_hard_run log_ndtr_derivative_runs[] = { /* 23decf407ab0 */
    {0x1.80eda8p-27f, 0x1.80edacp-27f, ABOVE}, /* 3 */
    {0x1.80edaep-27f, 0x1.3090a6p-12f, BELOW}, /* 7 */
    {0x1.126ddp-11f, 0x1.126ddp-11f, ABOVE}, /* 1 */
    {0x1.2420eep-10f, 0x1.bcb5b6p-8f, BELOW}, /* 2 */
    {0x1.78f328p-6f, 0x1.9b0962p-6f, ABOVE}, /* 2 */
    {0x1.17fedap-5f, 0x1.f1eaaap-5f, BELOW}, /* 3 */
    {0x1.e7e904p-3f, 0x1.e7e904p-3f, ABOVE}, /* 1 */
    {0x1.e6b926p+2f, 0x1.e6b926p+2f, BELOW}, /* 1 */
    {-0x1.6202p-24f, -0x1.7d839ap-16f, ABOVE}, /* 3 */
    {-0x1.32feaap-15f, -0x1.32feaap-15f, BELOW}, /* 1 */
    {-0x1.781bdep-15f, -0x1.3989e8p-13f, ABOVE}, /* 3 */
    {-0x1.09e1bep-10f, -0x1.09e1bep-10f, BELOW}, /* 1 */
    {-0x1.ee2c58p-3f, -0x1.ee2c58p-3f, ABOVE}, /* 1 */
    {-0x1.b144c6p-1f, -0x1.b144c6p-1f, BELOW}, /* 1 */
    {-0x1.65a17cp+0f, -0x1.935fd4p+6f, ABOVE}, /* 2 */
};

static const fa_hard_run xielu_runs[] = { /* 9de2cd577e96 */
    {0x1p-149f, 0x1.65c558p-21f, ABOVE}, /* 8388611 */
    {0x1.a4491ep-20f, 0x1.1da83ap-17f, BELOW}, /* 2 */
    {0x1.46bdd2p-14f, 0x1.46bdd2p-14f, ABOVE}, /* 1 */
    {0x1.3bccf2p-12f, 0x1.34cf64p-3f, BELOW}, /* 3 */
    {0x1p-1f, 0x1p+0f, TIE}, /* 2 */
    {0x1.316a88p+0f, 0x1.316a88p+0f, ABOVE}, /* 1 */
    {0x1.aaaaaap+0f, 0x1.aaaaaap+0f, BELOW}, /* 1 */
    {0x1p+1f, 0x1p+1f, TIE}, /* 1 */
    {0x1.316a88p+1f, 0x1.c5f024p+9f, ABOVE}, /* 4 */
    {0x1.46615p+11f, 0x1.46615p+11f, BELOW}, /* 1 */
    {0x1.c8c2a2p+12f, 0x1.fa0ca2p+12f, ABOVE}, /* 2 */
    {0x1.1ac77p+14f, 0x1.1ac77p+14f, BELOW}, /* 1 */
    {0x1.b42092p+14f, 0x1.daab12p+16f, ABOVE}, /* 2 */
    {0x1.e7fb14p+18f, 0x1.e7fb14p+18f, BELOW}, /* 1 */
    {0x1p+24f, 0x1p+24f, TIE}, /* 1 */
    {0x1.6ac4aap+24f, 0x1.6ac4aap+24f, ABOVE}, /* 1 */
    {0x1.66683cp+31f, 0x1.66683cp+31f, BELOW}, /* 1 */
    {0x1.12e2ecp+32f, 0x1.12e2ecp+32f, ABOVE}, /* 1 */
    {0x1.2c6d24p+34f, 0x1.2c6d24p+34f, BELOW}, /* 1 */
    {0x1.cefd6cp+38f, 0x1.292e1p+45f, ABOVE}, /* 5 */
    {0x1.9ebcaep+45f, 0x1.9ebcaep+45f, BELOW}, /* 1 */
    {0x1.55dcb4p+46f, 0x1.55dcb4p+46f, ABOVE}, /* 1 */
    {0x1.55dcb4p+47f, 0x1.55dcb4p+47f, BELOW}, /* 1 */
    {0x1.316a88p+51f, 0x1.316a88p+63f, ABOVE}, /* 13 */
    {-0x1.937e22p-44f, -0x1.937e22p-44f, ABOVE}, /* 1 */
    {-0x1.937e24p-44f, -0x1.dd1a6ep-41f, BELOW}, /* 3 */
    {-0x1.d8f8a2p-38f, -0x1.d8f8a2p-38f, ABOVE}, /* 1 */
    {-0x1.71d1a6p-37f, -0x1.71d1a6p-37f, BELOW}, /* 1 */
    {-0x1.343e28p-36f, -0x1.9ac9bep-35f, ABOVE}, /* 2 */
    {-0x1.4dba34p-34f, -0x1.4dba34p-34f, BELOW}, /* 1 */
    {-0x1.e9a1fp-31f, -0x1.e9a1fp-31f, ABOVE}, /* 1 */
    {-0x1.f4dba2p-30f, -0x1.f4dba2p-30f, BELOW}, /* 1 */
    {-0x1.3d34e8p-28f, -0x1.9e9b1ep-27f, ABOVE}, /* 2 */
    {-0x1.4f4de4p-26f, -0x1.4f4de4p-26f, BELOW}, /* 1 */
    {-0x1.e9e9a6p-23f, -0x1.8154c4p-20f, ABOVE}, /* 3 */
    {-0x1.5bcb2cp-17f, -0x1.7fa9f2p-12f, BELOW}, /* 3 */
    {-0x1.7271f6p-10f, -0x1.7271f6p-10f, ABOVE}, /* 1 */
    {-0x1.7dec8p-10f, -0x1.7dec8p-10f, BELOW}, /* 1 */
    {-0x1.62e25cp-7f, -0x1.62e25cp-7f, ABOVE}, /* 1 */
    {-0x1.878f54p-3f, -0x1.878f54p-3f, BELOW}, /* 1 */
    {-0x1.b7a91ep+0f, -0x1.b7a91ep+0f, ABOVE}, /* 1 */
    {-0x1.d5158p+0f, -0x1.d5158p+0f, BELOW}, /* 1 */
    {-0x1.07507ep+1f, -0x1.07507ep+1f, ABOVE}, /* 1 */
    {-0x1.10cee4p+1f, -0x1.10cee4p+1f, BELOW}, /* 1 */
    {-0x1.16617ep+1f, -0x1.16617ep+1f, ABOVE}, /* 1 */
    {-0x1.18a072p+1f, -0x1.18a072p+1f, ABOVE}, /* 1 */
    {-0x1.1a0d7ep+1f, -0x1.1a0d7ep+1f, BELOW}, /* 1 */
    {-0x1.2d2726p+1f, -0x1.2d2726p+1f, ABOVE}, /* 1 */
    {-0x1.2f583ep+1f, -0x1.2f583ep+1f, BELOW}, /* 1 */
    {-0x1.31cd6cp+1f, -0x1.31cd6cp+1f, BELOW}, /* 1 */
    {-0x1.36194p+1f, -0x1.36194p+1f, BELOW}, /* 1 */
    {-0x1.372988p+1f, -0x1.372988p+1f, ABOVE}, /* 1 */
    {-0x1.3731c8p+1f, -0x1.3731c8p+1f, ABOVE}, /* 1 */
    {-0x1.375754p+1f, -0x1.375754p+1f, BELOW}, /* 1 */
    {-0x1.37581ap+1f, -0x1.37581ap+1f, BELOW}, /* 1 */
    {-0x1.375acap+1f, -0x1.375acap+1f, BELOW}, /* 1 */
    {-0x1.375b2cp+1f, -0x1.375b2cp+1f, ABOVE}, /* 1 */
    {-0x1.375b84p+1f, -0x1.375b84p+1f, BELOW}, /* 1 */
    {-0x1.375b88p+1f, -0x1.375b88p+1f, BELOW}, /* 1 */
    {-0x1.375b9p+1f, -0x1.375b9p+1f, ABOVE}, /* 1 */
    {-0x1.375b9cp+1f, -0x1.375b9cp+1f, BELOW}, /* 1 */
    {-0x1.375bap+1f, -0x1.375bap+1f, ABOVE}, /* 1 */
    {-0x1.375ba2p+1f, -0x1.375ba2p+1f, BELOW}, /* 1 */
    {-0x1.375ba4p+1f, -0x1.375ba4p+1f, ABOVE}, /* 1 */
    {-0x1.375ba6p+1f, -0x1.375ba6p+1f, BELOW}, /* 1 */
    {-0x1.375ba8p+1f, -0x1.375ba8p+1f, BELOW}, /* 1 */
    {-0x1.375baap+1f, -0x1.375baap+1f, ABOVE}, /* 1 */
    {-0x1.375bbp+1f, -0x1.375bbp+1f, ABOVE}, /* 1 */
    {-0x1.375bb2p+1f, -0x1.375bb2p+1f, ABOVE}, /* 1 */
    {-0x1.375bbcp+1f, -0x1.375bbcp+1f, BELOW}, /* 1 */
    {-0x1.375bcp+1f, -0x1.375bcp+1f, BELOW}, /* 1 */
    {-0x1.375bccp+1f, -0x1.375bccp+1f, ABOVE}, /* 1 */
    {-0x1.375bdcp+1f, -0x1.375bdcp+1f, ABOVE}, /* 1 */
    {-0x1.375bfap+1f, -0x1.375bfap+1f, BELOW}, /* 1 */
    {-0x1.375daap+1f, -0x1.375daap+1f, ABOVE}, /* 1 */
    {-0x1.37643ap+1f, -0x1.37643ap+1f, BELOW}, /* 1 */
    {-0x1.37678ep+1f, -0x1.37678ep+1f, BELOW}, /* 1 */
    {-0x1.3767fcp+1f, -0x1.3767fcp+1f, BELOW}, /* 1 */
    {-0x1.37c048p+1f, -0x1.37c048p+1f, BELOW}, /* 1 */
    {-0x1.37db56p+1f, -0x1.37db56p+1f, BELOW}, /* 1 */
    {-0x1.388dc4p+1f, -0x1.388dc4p+1f, ABOVE}, /* 1 */
    {-0x1.39397p+1f, -0x1.39397p+1f, BELOW}, /* 1 */
    {-0x1.3b2824p+1f, -0x1.3b2824p+1f, ABOVE}, /* 1 */
    {-0x1.44524ep+1f, -0x1.44524ep+1f, ABOVE}, /* 1 */
    {-0x1.51dfdep+1f, -0x1.51dfdep+1f, ABOVE}, /* 1 */
    {-0x1.552df4p+1f, -0x1.552df4p+1f, BELOW}, /* 1 */
    {-0x1.55644ap+1f, -0x1.55644ap+1f, BELOW}, /* 1 */
    {-0x1.71d1e8p+1f, -0x1.71d1e8p+1f, BELOW}, /* 1 */
    {-0x1.779ap+1f, -0x1.779ap+1f, ABOVE}, /* 1 */
    {-0x1.83985cp+1f, -0x1.83985cp+1f, ABOVE}, /* 1 */
    {-0x1.4f2414p+4f, -0x1.400002p+23f, ABOVE}, /* 20 */
    {-0x1.4p+50f, -0x1.4p+127f, BELOW}, /* 78 */
};

static const fa_hard_run xielu_derivative_runs[] = { /* 7dacd19419fd */
    {0x1.4p-26f, 0x1.ep-25f, ABOVE}, /* 2 */
    {0x1.fffff6p-3f, 0x1.fffff6p-3f, BELOW}, /* 1 */
    {0x1p-2f, 0x1p-2f, TIE}, /* 1 */
    {0x1.fffff6p-2f, 0x1.fffff6p-2f, BELOW}, /* 1 */
    {0x1p-1f, 0x1p-1f, TIE}, /* 1 */
    {0x1.fffff6p-1f, 0x1.fffff6p-1f, BELOW}, /* 1 */
    {0x1p+0f, 0x1.3p+26f, TIE}, /* 4 */
    {-0x1.60801ep-19f, -0x1.086044p-17f, BELOW}, /* 2 */
    {-0x1.85ff48p-13f, -0x1.e625d8p-12f, ABOVE}, /* 3 */
    {-0x1.8f3e8ap-10f, -0x1.db58bp-8f, BELOW}, /* 3 */
    {-0x1.ddda36p-8f, -0x1.ddda36p-8f, ABOVE}, /* 1 */
    {-0x1.b86ea6p-2f, -0x1.b86ea6p-2f, BELOW}, /* 1 */
    {-0x1.df0ecp-1f, -0x1.df0ecp-1f, ABOVE}, /* 1 */
    {-0x1.eb6deep-1f, -0x1.eb6deep-1f, ABOVE}, /* 1 */
    {-0x1.efc084p-1f, -0x1.efc084p-1f, BELOW}, /* 1 */
    {-0x1.f5e77ep-1f, -0x1.f5e77ep-1f, BELOW}, /* 1 */
    {-0x1.f613ecp-1f, -0x1.f613ecp-1f, ABOVE}, /* 1 */
    {-0x1.f624dp-1f, -0x1.f624dp-1f, ABOVE}, /* 1 */
    {-0x1.f627fep-1f, -0x1.f627fep-1f, BELOW}, /* 1 */
    {-0x1.f629eep-1f, -0x1.f629eep-1f, BELOW}, /* 1 */
    {-0x1.f62df8p-1f, -0x1.f62df8p-1f, ABOVE}, /* 1 */
    {-0x1.f62efcp-1f, -0x1.f62efcp-1f, ABOVE}, /* 1 */
    {-0x1.f62f0ep-1f, -0x1.f62f0ep-1f, BELOW}, /* 1 */
    {-0x1.f62f36p-1f, -0x1.f62f36p-1f, ABOVE}, /* 1 */
    {-0x1.f62f3ep-1f, -0x1.f62f3ep-1f, ABOVE}, /* 1 */
    {-0x1.f62f4p-1f, -0x1.f62f4p-1f, BELOW}, /* 1 */
    {-0x1.f62f42p-1f, -0x1.f62f42p-1f, BELOW}, /* 1 */
    {-0x1.f62ffap-1f, -0x1.f62ffap-1f, ABOVE}, /* 1 */
    {-0x1.f63516p-1f, -0x1.f63516p-1f, ABOVE}, /* 1 */
    {-0x1.f6374ep-1f, -0x1.f6374ep-1f, BELOW}, /* 1 */
    {-0x1.f64b3ap-1f, -0x1.f64b3ap-1f, BELOW}, /* 1 */
    {-0x1.fe3a16p-1f, -0x1.fe3a16p-1f, BELOW}, /* 1 */
    {-0x1.2f6394p+0f, -0x1.2f6394p+0f, ABOVE}, /* 1 */
    {-0x1.1cc768p+4f, -0x1.1cc768p+4f, ABOVE}, /* 1 */
};

const fa_hard_cases fa_all_hard_cases[] = {
    CASES(hard_sigmoid, hard_sigmoid, 8),
    CASES(hard_swish, hard_swish, 8),
    CASES(hard_swish_derivative, hard_swish_derivative, 262144),
    CASES(sparse_plus, sparse_plus, 8),
    CASES(elu, elu, 8),
    CASES(elu_derivative, exponential, 8),
    CASES(celu, elu, 8),
    CASES(celu_derivative, exponential, 8),
    CASES(selu, selu, 8),
    CASES(selu_derivative, selu_derivative, 8),
    CASES(exponential, exponential, 8),
    CASES(exponential_derivative, exponential, 8),
    CASES(sigmoid, sigmoid, 8),
    CASES(sigmoid_derivative, sigmoid_derivative, 8),
    CASES(tanh, tanh, 8),
    CASES(tanh_derivative, tanh_derivative, 8),
    CASES(tanh_shrink, tanh_shrink, 8),
    CASES(tanh_shrink_derivative, tanh_shrink_derivative, 8),
    CASES(softsign, softsign, 8),
    CASES(softsign_derivative, softsign_derivative, 8),
    CASES(silu, silu, 8),
    CASES(silu_derivative, silu_derivative, 262144),
    CASES(swish, silu, 8),
    CASES(swish_derivative, silu_derivative, 262144),
    CASES(gelu, gelu, 8),
    CASES(gelu_derivative, gelu_derivative, 262144),
    CASES(clipped_gelu, gelu, 8),
    CASES(clipped_gelu_derivative, gelu_derivative, 262144),
    CASES(gelu_tanh, gelu_tanh, 8),
    CASES(gelu_tanh_derivative, gelu_tanh_derivative, 262144),
    CASES(gelu_quick, gelu_quick, 8),
    CASES(gelu_quick_derivative, gelu_quick_derivative, 262144),
    CASES(softplus, softplus, 8),
    CASES(softplus_derivative, sigmoid, 8),
    CASES(log_sigmoid, log_sigmoid, 8),
    CASES(log_sigmoid_derivative, log_sigmoid_derivative, 8),
    CASES(log1mexp, log1mexp, 8),
    CASES(log1mexp_derivative, log1mexp_derivative, 8),
    CASES(sqrt_softplus, sqrt_softplus, 8),
    CASES(sqrt_softplus_derivative, sqrt_softplus_derivative, 8),
    CASES(squareplus, squareplus, 8),
    CASES(squareplus_derivative, squareplus_derivative, 8),
    CASES(mish, mish, 8),
    CASES(mish_derivative, mish_derivative, 262144),
    CASES(dish, dish, 8),
    CASES(dish_derivative, dish_derivative, 262144),
    CASES(laplace, laplace, 8),
    CASES(laplace_derivative, laplace_derivative, 8),
    CASES(ndtr, ndtr, 8),
    CASES(ndtr_derivative, ndtr_derivative, 8),
    CASES(log_ndtr, log_ndtr, 8),
    CASES(log_ndtr_derivative, log_ndtr_derivative, 8),
    CASES(xielu, xielu, 262144),
    CASES(xielu_derivative, xielu_derivative, 33554432),
    {NULL, NULL, 0, 0},
};
