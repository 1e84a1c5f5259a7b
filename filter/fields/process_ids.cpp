// Who a process is: its ids, its session and process groups, its terminal.
#include "filter/fields/process.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

bool pid(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  return out.set_signed(thread->is_placeholder() ? thread->tid : thread->pid);
}

/// Of several names for the same: the name of a leader, its first word, its file.
std::string_view comm_of(const Thread& thread) { return thread.comm; }
std::string_view exe_of(const Thread& thread) { return thread.exe.view(); }
std::string_view exepath_of(const Thread& thread) { return thread.exepath.view(); }

template <const Leadership& group, auto text_of>
bool of_leader(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const Thread* found = leader(*thread, group, site.state);
  return out.set_text(found != nullptr ? text_of(*found) : std::string_view());
}

/// As of_leader, which Falco's rules see. Where nobody leads, sysdig takes the process itself for
/// the eldest of its session; where the session is not known, the eldest of which it is not known
/// either.
bool session_name(const Site& site, Extraction& out) {
  if (site.settings.as_falco) return of_leader<session, comm_of>(site, out);
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const Thread* found = leader(*thread, session, site.state);
  if (found == nullptr) found = eldest_in_group(*thread, session, site.state);
  return out.set_text(found != nullptr ? found->comm : thread->comm);
}

template <auto id, auto leader_id>
bool is_leader(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_number(thread->*id == thread->*leader_id);
}

constexpr Field fields[] = {
    {.name = "proc.pid",
     .type = ParamType::int64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = pid,
     .doc = "Process id."},
    {.name = "proc.vpid",
     .type = ParamType::int64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_id_of_thread<&Thread::vpid>,
     .doc = "Process id in the process's own pid namespace: as a container sees itself."},
    {.name = "proc.tty",
     .type = ParamType::uint32,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::tty>,
     .doc = "Device number of the controlling terminal; 0 without one."},
    {.name = "proc.sid",
     .type = ParamType::int64,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::sid>,
     .doc = "Session id."},
    {.name = "proc.sname",
     .depends = Depends::tree,
     .extract = session_name,
     .doc = "Name of the session's leader: of the process whose id the session has, else of the "
            "eldest ancestor in the same session."},
    {.name = "proc.sid.exe",
     .depends = Depends::tree,
     .extract = of_leader<session, exe_of>,
     .doc = "First word of the command line of the session's leader."},
    {.name = "proc.sid.exepath",
     .depends = Depends::tree,
     .extract = of_leader<session, exepath_of>,
     .doc = "Path of the program of the session's leader."},
    {.name = "proc.is_sid_leader",
     .type = ParamType::boolean,
     .depends = Depends::thread,
     .extract = is_leader<&Thread::sid, &Thread::vpid>,
     .doc = "Whether the process leads its session."},
    {.name = "proc.pgid",
     .type = ParamType::int64,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::pgid>,
     .doc = "Id of the process group, in the host's numbers."},
    {.name = "proc.pgid.name",
     .depends = Depends::tree,
     .extract = of_leader<process_group, comm_of>,
     .doc = "Name of the process group's leader."},
    {.name = "proc.pgid.exe",
     .depends = Depends::tree,
     .extract = of_leader<process_group, exe_of>,
     .doc = "First word of the command line of the process group's leader."},
    {.name = "proc.pgid.exepath",
     .depends = Depends::tree,
     .extract = of_leader<process_group, exepath_of>,
     .doc = "Path of the program of the process group's leader."},
    {.name = "proc.is_pgid_leader",
     .type = ParamType::boolean,
     .depends = Depends::thread,
     .extract = is_leader<&Thread::pgid, &Thread::pid>,
     .doc = "Whether the process leads its process group."},
    {.name = "proc.vpgid",
     .type = ParamType::int64,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::vpgid>,
     .doc = "Id of the process group, in the numbers of the process's own pid namespace."},
    {.name = "proc.vpgid.name",
     .depends = Depends::tree,
     .extract = of_leader<virtual_process_group, comm_of>,
     .doc = "Name of the leader of the process group proc.vpgid."},
    {.name = "proc.vpgid.exe",
     .depends = Depends::tree,
     .extract = of_leader<virtual_process_group, exe_of>,
     .doc = "First word of the command line of the leader of the process group proc.vpgid."},
    {.name = "proc.vpgid.exepath",
     .depends = Depends::tree,
     .extract = of_leader<virtual_process_group, exepath_of>,
     .doc = "Path of the program of the leader of the process group proc.vpgid."},
    {.name = "proc.is_vpgid_leader",
     .type = ParamType::boolean,
     .depends = Depends::thread,
     .extract = is_leader<&Thread::vpgid, &Thread::vpid>,
     .doc = "Whether the process leads the process group proc.vpgid."},
};

}  // namespace

std::span<const Field> process_id_fields() { return fields; }

}  // namespace gyr::filter
