// What a process uses: time, threads, descriptors, memory.
#include <algorithm>

#include "decoder/render/names.hpp"
#include "filter/fields/process.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

/// Clocks of CPUs differ: an event can have an earlier time than the start of its process.
uint64_t since(const Site& site, uint64_t start) {
  const uint64_t now = site.event.raw().ts;
  return now > start ? now - start : 0;
}

bool duration(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && thread->clone_ts != 0 &&
         out.set_number(since(site, thread->clone_ts));
}

bool parent_duration(const Site& site, Extraction& out) {
  const Thread* of = parent(site);
  return of != nullptr && of->clone_ts != 0 && out.set_number(since(site, of->clone_ts));
}

bool parent_start(const Site& site, Extraction& out) {
  const Thread* of = parent(site);
  return of != nullptr && out.set_number(of->clone_ts);
}

/// In sysdig 0.29 one that exits counts until its procexit event has passed, and a main thread as
/// long as any other lives.
bool counts(const Site& site, const Thread& thread) {
  return !thread.dead || lineage(site).as_0_29;
}

uint64_t threads_of(const Site& site, const Thread& thread) {
  if (!thread.process) return 1;
  return static_cast<uint64_t>(std::ranges::count_if(
      thread.process->threads, [&](const Thread* each) { return counts(site, *each); }));
}

bool nthreads(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_number(threads_of(site, *thread));
}

bool nchilds(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const Thread* main = main_thread(site);
  const bool has_main = main != nullptr && counts(site, *main);
  return out.set_number(threads_of(site, *thread) - (has_main ? 1 : 0));
}

uint64_t open_fds(const Site& site) {
  return main_thread(site) != nullptr ? site.thread()->fds->count() : 0;
}

bool fdopencount(const Site& site, Extraction& out) {
  return site.thread() != nullptr && out.set_number(open_fds(site));
}

int64_t limit_of_fds(const Thread& thread) { return thread.process ? thread.process->fdlimit : -1; }

bool fdlimit(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_signed(limit_of_fds(*thread));
}

/// In percent.
bool fdusage(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const auto limit = static_cast<double>(limit_of_fds(*thread));
  if (limit <= 0) return out.set_double(0);
  return out.set_double(std::min(100.0, 100 * static_cast<double>(open_fds(site)) / limit));
}

template <auto member>
bool memory(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  return out.set_number(thread->process ? (*thread->process).*member : 0);
}

const Descriptor* standard_stream(const Site& site, int64_t fd) {
  return main_thread(site) != nullptr ? site.thread()->fds->find(fd) : nullptr;
}

template <int64_t fd>
bool stream_type(const Site& site, Extraction& out) {
  const Descriptor* stream = standard_stream(site, fd);
  if (stream == nullptr) return false;
  const std::string_view type = type_name(stream->type);
  return out.set_text(type.empty() ? std::string_view("<NA>") : type);
}

template <int64_t fd>
bool stream_name(const Site& site, Extraction& out) {
  const Descriptor* stream = standard_stream(site, fd);
  return stream != nullptr && out.set_text(stream->name.view());
}

constexpr Field fields[] = {
    {.name = "proc.nthreads",
     .type = ParamType::uint64,
     .depends = Depends::tree,
     .extract = nthreads,
     .doc = "Number of threads of the process, the main thread included."},
    {.name = "proc.nchilds",
     .type = ParamType::uint64,
     .depends = Depends::tree,
     .extract = nchilds,
     .doc = "Number of threads of the process without its main thread."},
    {.name = "proc.duration",
     .type = ParamType::reltime,
     .extract = duration,
     .doc = "Nanoseconds since the process was started; not known of those that were there before "
            "the trace."},
    {.name = "proc.ppid.duration",
     .type = ParamType::reltime,
     .extract = parent_duration,
     .doc = "Nanoseconds since the parent was started."},
    {.name = "proc.pid.ts",
     .type = ParamType::reltime,
     .depends = Depends::thread,
     .extract = known_number_of_thread<&Thread::clone_ts>,
     .doc = "When the process was started, in nanoseconds since 1970."},
    {.name = "proc.ppid.ts",
     .type = ParamType::reltime,
     .depends = Depends::tree,
     .extract = parent_start,
     .doc =
         "When the parent was started, in nanoseconds since 1970; 0 when it was there before the "
         "trace."},
    {.name = "proc.fdopencount",
     .type = ParamType::uint64,
     .extract = fdopencount,
     .doc = "Number of open descriptors."},
    {.name = "proc.fdlimit",
     .type = ParamType::int64,
     .extract = fdlimit,
     .doc = "How many descriptors the process may have open; -1 when it is not known."},
    {.name = "proc.fdusage",
     .type = ParamType::float64,
     .extract = fdusage,
     .doc = "Open descriptors in percent of what the process may have."},
    {.name = "proc.vmsize",
     .type = ParamType::uint64,
     .extract = memory<&Process::vmsize_kb>,
     .doc = "Virtual memory of the process, in KiB."},
    {.name = "proc.vmrss",
     .type = ParamType::uint64,
     .extract = memory<&Process::vmrss_kb>,
     .doc = "Resident memory of the process, in KiB."},
    {.name = "proc.vmswap",
     .type = ParamType::uint64,
     .extract = memory<&Process::vmswap_kb>,
     .doc = "Memory of the process that is swapped out, in KiB."},
    {.name = "proc.stdin.type",
     .extract = stream_type<0>,
     .doc = "What standard input is: file, pipe, ipv4, ... (as fd.type)."},
    {.name = "proc.stdin.name",
     .extract = stream_name<0>,
     .doc = "What standard input is connected to (as fd.name)."},
    {.name = "proc.stdout.type", .extract = stream_type<1>, .doc = "What standard output is."},
    {.name = "proc.stdout.name",
     .extract = stream_name<1>,
     .doc = "What standard output is connected to."},
    {.name = "proc.stderr.type", .extract = stream_type<2>, .doc = "What standard error is."},
    {.name = "proc.stderr.name",
     .extract = stream_name<2>,
     .doc = "What standard error is connected to."},
};

}  // namespace

std::span<const Field> process_resource_fields() { return fields; }

}  // namespace gyr::filter
