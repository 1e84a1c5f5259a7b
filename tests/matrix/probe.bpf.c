// The least BPF program that needs what gyr's own need: a map, helpers, an offset that only the
// kernel's BTF tells, and a raw tracepoint. It includes nothing: clang is all it takes.

#define SEC(name) __attribute__((section(name), used))

enum { map_type_array = 2 };  // of enum bpf_map_type
typedef unsigned long long u64;

static void* (*const map_lookup_elem)(void* map, const void* key) = (void*)1;
static u64 (*const get_current_pid_tgid)(void) = (void*)14;
static void* (*const get_current_task)(void) = (void*)35;
static long (*const probe_read_kernel)(void* to, unsigned size, const void* from) = (void*)113;

struct task_struct {
  int tgid;
} __attribute__((preserve_access_index));

struct {
  int (*type)[map_type_array];
  unsigned* key;
  u64* value;
  int (*max_entries)[1];
} calls SEC(".maps"), strangers SEC(".maps");

static void add(void* map, u64 amount) {
  unsigned zero = 0;
  u64* value = map_lookup_elem(map, &zero);
  if (value) __sync_fetch_and_add(value, amount);
}

// Counts system calls, and those for which the task at the relocated offset has another process id
// than the helper gives: none.
SEC("raw_tp/sys_enter") int count_calls(void* context) {
  struct task_struct* task = get_current_task();
  int tgid = 0;
  probe_read_kernel(&tgid, sizeof tgid, &task->tgid);
  add(&calls, 1);
  add(&strangers, (u64)tgid != get_current_pid_tgid() >> 32);
  return 0;
}

char license_name[] SEC("license") = "GPL";
