// What the sanitizers do unless the environment says otherwise: the first finding ends the run.
extern "C" const char* __ubsan_default_options();
extern "C" const char* __ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }

// Each reader brings buffers of more than a MiB; freed ones are kept from reuse for a while only.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=32"; }
