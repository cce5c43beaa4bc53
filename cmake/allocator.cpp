// How jemalloc works for programs that serve (see its manual, TUNING): in huge pages, for what is
// measured lies scattered over much memory.

extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,metadata_thp:auto";
}
