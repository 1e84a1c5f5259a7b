// What gyr takes from the format's schema, checked against known numbers: event ids and parameters,
// native system call numbers, the composed upgrades of old events, the order of flag names.
#include "schema/schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "schema_params.hpp"

namespace schema = gyr::schema;
namespace type = gyr::schema::type;
namespace param = gyr::schema::param;
using schema::Format;
using schema::ParamSource;
using schema::ParamType;

namespace {

using Names = std::vector<std::string>;

Names param_names(uint32_t id) {
  Names names;
  for (const schema::Param& p : schema::find_event(id)->params) names.emplace_back(p.name);
  return names;
}

const schema::FlagTable& flag_table(std::string_view name) {
  const auto found = std::ranges::find(schema::flag_tables, name, &schema::FlagTable::name);
  REQUIRE(found != schema::flag_tables.end());
  return *found;
}

Names flag_names(std::string_view table, uint32_t value) {
  Names names;
  for (const schema::FlagName& flag : flag_table(table).names) {
    if (flag.value == value) names.emplace_back(flag.name);
  }
  return names;
}

const schema::Syscall& syscall_named(std::string_view name) {
  const auto found = std::ranges::find(schema::syscalls, name, &schema::Syscall::name);
  REQUIRE(found != schema::syscalls.end());
  return *found;
}

// "own:0 enter:1 empty": short to compare.
std::string sources(uint32_t id, uint32_t nparams) {
  static constexpr std::string_view names[] = {"own", "enter", "enter?", "zero", "empty"};
  const schema::Upgrade* upgrade = schema::find_upgrade(id, nparams);
  REQUIRE(upgrade != nullptr);
  std::string text;
  for (const ParamSource& source : upgrade->sources) {
    if (!text.empty()) text += ' ';
    text += names[source.from];
    if (source.from < ParamSource::zero) text += ':' + std::to_string(source.index);
  }
  return text;
}

uint32_t upgrade_target(uint32_t id, uint32_t nparams) {
  const schema::Upgrade* upgrade = schema::find_upgrade(id, nparams);
  return upgrade == nullptr ? id : upgrade->target;
}

// The form in which a complete event of this id is remembered as enter event.
const schema::Event& todays_form(uint32_t id) {
  return *schema::find_event(upgrade_target(id, UINT32_MAX));
}

template <class T, class U>
constexpr bool reads_as(const schema::Field<U>&) {
  return std::is_same_v<T, U>;
}

}  // namespace

TEST_CASE("events have the ids and parameters of the format") {
  CHECK(schema::scap_event_count == 454);
  CHECK(schema::events.size() == schema::event_count);
  CHECK(schema::find_event(schema::event_count) == nullptr);
  CHECK(schema::find_event(UINT32_MAX) == nullptr);

  const schema::Event* openat = schema::find_event(307);
  CHECK(openat->name == "openat");
  CHECK(openat->source == schema::Source::syscall);
  CHECK(openat->category == schema::Category::file);
  CHECK(openat->flags == (schema::creates_fd | schema::modifies_state));
  CHECK(param_names(307) == Names{"fd", "dirfd", "name", "flags", "mode", "dev", "ino"});
  CHECK(openat->params[0].type == ParamType::fd);
  CHECK(openat->params[2].type == ParamType::fsrelpath);
  CHECK(openat->params[2].dirfd == 1);
  CHECK(openat->params[3].flags->name == "file_flags");
  CHECK(openat->params[4].format == Format::oct);
  CHECK(openat->params[5].format == Format::hex);
  CHECK(openat->params[6].format == Format::dec);
  CHECK(openat->params[6].dirfd == -1);
  CHECK(openat->params[6].flags == nullptr);

  CHECK(param_names(type::execve_19_exit).size() == 31);
  CHECK(param_names(type::execve_19_exit)[16] == "tty");
  CHECK(param_names(type::execve_19_exit)[30] == "filename");
  CHECK(param_names(type::clone_20_exit).back() == "pidns_init_start_ts");
}

TEST_CASE("symbols carry the numbers of the format") {
  CHECK(type::generic_enter == 0);
  CHECK(type::open_exit == 3);
  CHECK(type::schedswitch_6_enter == 152);
  CHECK(type::procexit_1_enter == 186);
  CHECK(type::execve_19_exit == 293);
  CHECK(type::openat_2_enter == 306);
  CHECK(type::container_json_2_enter == 324);
  CHECK(type::keyctl_exit == 453);
  CHECK(schema::is_enter(type::openat_2_enter));
  CHECK_FALSE(schema::is_enter(type::openat_2_exit));
}

TEST_CASE("events of gyr's own have ids from 32768 on in files, and the indexes behind scap's") {
  CHECK(type::gap_exit == schema::scap_event_count + 1);
  CHECK(schema::id_in_file(type::gap_exit) == 32769);
  CHECK(schema::id_in_file(type::io_uring_request_enter) == 32770);
  CHECK(schema::id_in_file(type::io_uring_request_exit) == 32771);
  CHECK(schema::id_in_file(type::keyctl_exit) == 453);
  CHECK(param_names(type::gap_exit) == Names{"count", "lost_cpu", "from", "to", "reason"});
  CHECK(schema::events[type::gap_enter].flags == schema::unused);

  std::vector<bool> taken(UINT16_MAX + 1);
  for (uint32_t file_id = 0; file_id <= UINT16_MAX; ++file_id) {
    const uint16_t id = schema::id_from_file(static_cast<uint16_t>(file_id));
    CHECK_FALSE(taken[id]);
    taken[id] = true;
    CHECK(schema::id_in_file(id) == file_id);
    const bool known = file_id < 454 || (file_id >= 32768 && file_id < 32772);
    CHECK((id < schema::event_count) == known);
  }
}

TEST_CASE("reserved sides of a pair are unused and say nothing else") {
  for (uint32_t id : {17u, 153u, 233u, 355u, 450u, 452u}) {
    CAPTURE(id);
    const schema::Event* event = schema::find_event(id);
    CHECK(event->name == "NA");
    CHECK(event->flags == schema::unused);
    CHECK(event->source == schema::Source::none);
    CHECK(event->category == schema::Category::unknown);
  }
  const auto reserved = std::ranges::count_if(
      schema::events, [](const schema::Event& e) { return (e.flags & schema::unused) != 0; });
  CHECK(reserved == 36);
  CHECK(schema::find_event(451)->name == "close_range");
}

TEST_CASE("flags tell state, payload width and sides apart") {
  const auto has = [](uint32_t id, schema::EventFlag flag) {
    return (schema::find_event(id)->flags & flag) != 0;
  };
  CHECK(has(type::pluginevent_enter, schema::large_payload));
  CHECK(has(type::container_json_2_enter, schema::large_payload));
  CHECK(has(type::asyncevent_enter, schema::large_payload));
  CHECK_FALSE(has(type::container_json_enter, schema::large_payload));
  CHECK(has(type::close_enter, schema::old_version));
  CHECK_FALSE(has(type::close_exit, schema::old_version));
  CHECK(has(type::close_exit, schema::destroys_fd));
  CHECK(has(type::poll_exit, schema::waits));
  CHECK(has(type::drop_enter, schema::skip_parser_reset));
  CHECK(schema::find_event(type::drop_enter)->source == schema::Source::meta);
  CHECK(schema::find_event(type::drop_enter)->category == schema::Category::internal);
}

TEST_CASE("parameter types have their numbers, sizes and signs") {
  CHECK(schema::param_types.size() == 49);
  CHECK(static_cast<int>(ParamType::charbuf) == 9);
  CHECK(static_cast<int>(ParamType::dyn) == 27);
  CHECK(static_cast<int>(ParamType::enumflags8) == 44);
  CHECK(static_cast<int>(ParamType::pid32) == 48);

  const auto info = [](ParamType t) { return schema::param_types[static_cast<size_t>(t)]; };
  CHECK(info(ParamType::errno_code).name == "errno");
  CHECK(info(ParamType::errno_code).size == 8);
  CHECK(info(ParamType::errno_code).is_signed);
  CHECK(info(ParamType::uid).size == 4);
  CHECK_FALSE(info(ParamType::uid).is_signed);
  CHECK(info(ParamType::syscallid).size == 2);
  CHECK(info(ParamType::boolean).name == "bool");
  CHECK(info(ParamType::boolean).size == 4);
  CHECK(info(ParamType::ipv6addr).size == 16);
  CHECK(info(ParamType::socktuple).size == 0);
  CHECK(info(ParamType::fspath).size == 0);
}

TEST_CASE("parameters are found by name, with the C++ type of their value") {
  CHECK(param::openat_2_exit::fd.index == 0);
  CHECK(param::openat_2_exit::name.index == 2);
  CHECK(param::execve_19_exit::filename.index == 30);
  CHECK(param::connect_exit::tuple.index == 1);
  CHECK(reads_as<std::string_view>(param::openat_2_exit::name));
  CHECK(reads_as<int64_t>(param::openat_2_exit::fd));
  CHECK(reads_as<int64_t>(param::close_exit::res));
  CHECK(reads_as<uint32_t>(param::execve_19_exit::uid));
  CHECK(reads_as<uint8_t>(param::shutdown_exit::how));
  CHECK(reads_as<std::span<const std::byte>>(param::connect_exit::tuple));
}

TEST_CASE("variants of dyn parameters are in the order of their tag") {
  const schema::Param& value = schema::find_event(type::setsockopt_exit)->params[4];
  REQUIRE(value.variants.size() == 5);
  CHECK(value.variants[0].type == ParamType::bytebuf);
  CHECK(value.variants[1].type == ParamType::errno_code);
  CHECK(value.variants[4].type == ParamType::reltime);
  CHECK(value.variants[2].format == Format::dec);

  const schema::Param& addr = schema::find_event(type::ptrace_exit)->params[1];
  REQUIRE(addr.variants.size() == 2);
  CHECK(addr.variants[0].type == ParamType::uint64);
  CHECK(addr.variants[0].format == Format::hex);
  CHECK(addr.variants[1].type == ParamType::sigtype);
}

TEST_CASE("flag tables keep the order of printing") {
  CHECK(flag_names("socket_families", 1) == Names{"AF_LOCAL", "AF_UNIX"});
  CHECK(flag_names("socket_families", 10) == Names{"AF_INET6"});
  CHECK(flag_names("file_flags", 0x1000) == Names{"O_CLOEXEC"});
  CHECK(flag_names("prctl_options", 33) == Names{"PR_MCE_KILL", "PR_MCE_KILL"});
  // O_RDWR has the bits of O_RDONLY and O_WRONLY, so it is tried first.
  const auto names = flag_table("file_flags").names;
  const auto position = [names](std::string_view name) {
    return std::ranges::find(names, name, &schema::FlagName::name) - names.begin();
  };
  CHECK(position("O_RDWR") < position("O_RDONLY"));
  CHECK(position("O_RDWR") < position("O_WRONLY"));
}

TEST_CASE("system calls are found by native number") {
  CHECK(schema::syscalls.size() == 454);
  CHECK(schema::syscall_by_x86_64(59)->name == "execve");
  CHECK(schema::syscall_by_aarch64(221)->name == "execve");
  CHECK(schema::syscall_by_x86_64(0)->name == "read");
  CHECK(schema::syscall_by_aarch64(63)->name == "read");
  CHECK(schema::syscall_by_x86_64(257)->event == type::openat_2_enter);
  CHECK(schema::syscall_by_x86_64(436)->event == type::close_range_enter);
  CHECK(schema::syscall_by_x86_64(100000) == nullptr);
  CHECK(schema::syscall_by_x86_64(UINT32_MAX) == nullptr);
  CHECK(schema::syscall_by_aarch64(UINT32_MAX) == nullptr);
  CHECK(schema::syscall_by_aarch64(250) == nullptr);  // a hole in that architecture's numbers
  CHECK(syscall_named("open").aarch64 == -1);
  CHECK(syscall_named("gettid").event == type::generic_enter);

  for (const schema::Syscall& s : schema::syscalls) {
    CAPTURE(s.name);
    if (s.x86_64 >= 0) CHECK(schema::syscall_by_x86_64(static_cast<uint32_t>(s.x86_64)) == &s);
    if (s.aarch64 >= 0) CHECK(schema::syscall_by_aarch64(static_cast<uint32_t>(s.aarch64)) == &s);
  }
}

TEST_CASE("a system call has the category of its event, or else one of its own") {
  CHECK(syscall_named("openat").category == schema::Category::file);
  CHECK(syscall_named("read").category == schema::Category::io_read);
  CHECK(syscall_named("clock_gettime").category == schema::Category::time);
  CHECK(syscall_named("vhangup").category == schema::Category::other);
}

TEST_CASE("an event in today's form needs no upgrade") {
  CHECK(schema::find_upgrade(type::openat_2_exit, 7) == nullptr);
  CHECK(schema::find_upgrade(type::openat_2_exit, 200) == nullptr);
  CHECK(schema::find_upgrade(type::close_exit, 2) == nullptr);
  CHECK(schema::find_upgrade(type::read_enter, 2) == nullptr);
  CHECK(schema::find_upgrade(schema::event_count, 1) == nullptr);
  CHECK(schema::find_upgrade(UINT32_MAX, 0) == nullptr);
  SUBCASE("also not when it is short, if no upgrade is known for its id") {
    CHECK(schema::find_upgrade(type::procexit_1_enter, 4) == nullptr);
  }
}

TEST_CASE("exit events take what their enter event held") {
  CHECK(sources(type::close_exit, 1) == "own:0 enter:0");
  CHECK(sources(type::read_exit, 2) == "own:0 own:1 enter:0 enter:1");
  CHECK(sources(type::write_exit, 2) == "own:0 own:1 enter:0 enter:1");
  CHECK(sources(type::connect_exit, 2) == "own:0 own:1 enter:0 enter:1");
  CHECK(sources(type::generic_exit, 1) == "own:0 enter?:1");
  CHECK(sources(type::sendfile_exit, 2) == "own:0 own:1 enter:0 enter:1 enter:3");
}

TEST_CASE("superseded events become today's") {
  CHECK(upgrade_target(11, 1) == 159);
  CHECK(sources(11, 1) == "own:0 enter?:0 empty empty empty");
  CHECK(upgrade_target(103, 1) == 307);
  CHECK(sources(103, 1) == "own:0 enter?:0 enter?:1 enter?:2 enter?:3 empty empty");
  CHECK(upgrade_target(type::schedswitch_1_enter, 1) == type::schedswitch_6_enter);
  CHECK(upgrade_target(type::procexit_enter, 0) == type::procexit_1_enter);
  CHECK(upgrade_target(type::accept_exit, 3) == type::accept_5_exit);
  CHECK(sources(type::accept_exit, 3) == "own:0 own:1 own:2 zero zero");
  CHECK(upgrade_target(type::container_enter, 4) == type::container_json_2_enter);
  CHECK(sources(type::container_enter, 4) == "empty");
  CHECK(upgrade_target(type::container_json_enter, 1) == type::container_json_2_enter);
}

TEST_CASE("chains of versions are one upgrade") {
  SUBCASE("the oldest execve") {
    CHECK(upgrade_target(13, 8) == 293);
    CHECK(schema::find_upgrade(13, 8)->sources.size() == 31);
    const std::string text = sources(13, 8);
    CHECK(text.starts_with("own:0 own:1 own:2 own:3 own:4 own:5 own:6 own:7 empty"));
    CHECK(text.find("own:8") == std::string::npos);
    CHECK(text.ends_with("empty enter?:0"));  // filename
  }
  SUBCASE("its environment stays the environment") {
    const ParamSource& env =
        schema::find_upgrade(type::execve_14_exit, 14)->sources[param::execve_19_exit::env.index];
    CHECK(env.from == ParamSource::own);
    CHECK(env.index == param::execve_14_exit::env.index);
  }
  SUBCASE("an enter event whose filename came later") {
    CHECK(upgrade_target(12, 0) == 292);
    CHECK(sources(12, 0) == "empty");
    CHECK(upgrade_target(288, 1) == 292);
    CHECK(sources(288, 1) == "own:0");
  }
  SUBCASE("the oldest clone: flags and ids move behind the new parameters") {
    CHECK(upgrade_target(15, 11) == type::clone_20_exit);
    const auto upgraded = schema::find_upgrade(15, 11)->sources;
    CHECK(upgraded[param::clone_20_exit::flags.index].index == 8);
    CHECK(upgraded[param::clone_20_exit::gid.index].index == 10);
    CHECK(upgraded[param::clone_20_exit::vtid.index].from == ParamSource::empty);
  }
}

TEST_CASE("numbers of parameters that no version had are read leniently") {
  CHECK(sources(type::open_enter, 1) == "own:0 empty empty");
  CHECK(sources(type::read_exit, 0) == "empty empty enter:0 enter:1");
  CHECK(sources(type::read_exit, 3) == "own:0 own:1 own:2 enter:1");
  CHECK(schema::find_upgrade(type::execve_19_exit, 25)->sources.size() == 31);
  CHECK(schema::find_upgrade(13, 5)->sources.size() == 31);
  CHECK(schema::find_upgrade(13, 100) == schema::find_upgrade(13, 8));
}

TEST_CASE("every upgrade fills its target from parameters that exist") {
  size_t upgrades = 0;
  for (uint32_t id = 0; id < schema::event_count; id++) {
    const auto known = static_cast<uint32_t>(schema::find_event(id)->params.size());
    for (uint32_t found = 0; found <= known; found++) {
      const schema::Upgrade* upgrade = schema::find_upgrade(id, found);
      if (upgrade == nullptr) continue;
      CAPTURE(id);
      CAPTURE(found);
      upgrades++;
      const schema::Event& target = *schema::find_event(upgrade->target);
      CHECK(upgrade->sources.size() == target.params.size());
      CHECK(schema::find_upgrade(upgrade->target, UINT32_MAX) == nullptr);
      for (const ParamSource& source : upgrade->sources) {
        if (source.from == ParamSource::own) {
          CHECK(source.index < found);
        } else if (source.from != ParamSource::zero && source.from != ParamSource::empty) {
          REQUIRE_FALSE(schema::is_enter(id));
          CHECK(source.index < todays_form(id - 1).params.size());
        }
      }
    }
  }
  CHECK(upgrades > 500);
}

TEST_CASE("superseded exit events all have an upgrade") {
  for (uint32_t id = 1; id < schema::event_count; id += 2) {
    const schema::Event& event = *schema::find_event(id);
    if ((event.flags & schema::old_version) == 0) continue;
    CAPTURE(id);
    CHECK(upgrade_target(id, static_cast<uint32_t>(event.params.size())) != id);
  }
}

TEST_CASE("compat rows hold the parameters of 0.29.3") {
  CHECK(schema::find_compat_029(type::open_enter) == nullptr);
  CHECK(schema::find_compat_029(schema::event_count) == nullptr);
  CHECK(schema::find_compat_029(UINT32_MAX) == nullptr);

  const schema::Compat029* close = schema::find_compat_029(type::close_exit);
  REQUIRE(close != nullptr);
  CHECK(close->known_params == 1);
  CHECK(close->params.size() == 1);

  const schema::Compat029* mmap = schema::find_compat_029(type::mmap_exit);
  REQUIRE(mmap != nullptr);
  CHECK(mmap->known_params == 4);
  CHECK(mmap->params[0].type == ParamType::uint64);
  CHECK(mmap->params[0].format == Format::hex);
  CHECK(mmap->params[1].name == "vm_size");

  for (uint32_t id : {type::execve_19_exit, type::execveat_exit}) {
    const schema::Compat029* execve = schema::find_compat_029(id);
    REQUIRE(execve != nullptr);
    CHECK(execve->event == id);
    CHECK(execve->known_params == 20);
    CHECK(execve->params[16].type == ParamType::int32);
    CHECK(execve->params[17].name == "pgid");
    CHECK(execve->params[18].type == ParamType::int32);
    CHECK(execve->params[19].flags->name == "execve_flags");
  }
  CHECK(schema::find_compat_029(type::setpgid_exit)->params[0].type == ParamType::pid);
  CHECK(schema::find_compat_029(type::seccomp_enter)->known_params == 1);
  CHECK(schema::find_compat_029(type::sendmmsg_exit)->params.empty());
}
