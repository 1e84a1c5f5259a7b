// container.*: where the thread runs, as far as the trace tells.
#include <fnmatch.h>

#include "filter/fields/containers.hpp"
#include "filter/fields/registry.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

bool give_labels(const Container::Labels& labels, Extraction& out) {
  Text& text = out.compose();
  for (const auto& [name, value] : labels) {
    if (name.starts_with("io.kubernetes.") || name.starts_with("annotation.")) continue;
    if (!text.empty()) text.append(", ");
    text.append(name);
    if (!value.empty()) text.append(':').append(value);
  }
  return true;
}

namespace {

using schema::ParamType;

constexpr std::string_view host = "host", none = "NONE";

/// The record, or an empty one; nullptr on the host.
const Container* in_container(const Site& site) {
  static const Container unknown;
  if (site.thread() == nullptr || is_on_host(site)) return nullptr;
  const Container* record = container_record(site);
  return record != nullptr ? record : &unknown;
}

ContainerType type_of(const Site& site) {
  if (const Container* record = container_record(site)) return record->type;
  return container_from_cgroups(site.thread()->cgroups.view()).type;
}

bool id(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  return out.set_text(thread->container_id.empty() ? host : thread->container_id.view());
}

bool full_id(const Site& site, Extraction& out) {
  if (is_on_host(site)) return out.set_text(host);
  const Container* record = container_record(site);
  return record != nullptr && out.set_text(record->full_id);
}

/// Those of lxc and bpm have no other name than their id.
bool is_named_by_id(ContainerType type) {
  return type == ContainerType::lxc || type == ContainerType::libvirt_lxc ||
         type == ContainerType::bpm;
}

bool name(const Site& site, Extraction& out) {
  if (site.thread() == nullptr) return false;
  if (is_on_host(site)) return out.set_text(host);
  if (const Container* record = container_record(site))
    return !record->name.empty() && out.set_text(record->name);
  return is_named_by_id(type_of(site)) && out.set_text(site.thread()->container_id.view());
}

bool type(const Site& site, Extraction& out) {
  if (site.thread() == nullptr) return false;
  return out.set_text(is_on_host(site) ? host : container_type_name(type_of(site)));
}

/// NULL when it is empty; for Falco's rules, the host has an empty one.
template <std::string Container::*member>
bool known_text(const Site& site, Extraction& out) {
  if (site.settings.as_falco && site.thread() != nullptr && is_on_host(site))
    return out.set_text({});
  const Container* record = container_record(site);
  return record != nullptr && !(record->*member).empty() && out.set_text(record->*member);
}

/// Empty on the host.
template <std::string Container::*member>
bool text(const Site& site, Extraction& out) {
  if (is_on_host(site)) return out.set_text({});
  const Container* record = container_record(site);
  return record != nullptr && out.set_text(record->*member);
}

template <std::string Container::*member>
bool probe(const Site& site, Extraction& out) {
  const Container* container = in_container(site);
  if (container == nullptr) return false;
  const std::string& command = container->*member;
  return out.set_text(command.empty() ? none : std::string_view(command));
}

template <bool Container::*member>
bool truth(const Site& site, Extraction& out) {
  if (is_on_host(site)) return out.set_number(false);
  const Container* record = container_record(site);
  return record != nullptr && out.set_number(record->*member);
}

bool can_be_privileged(ContainerType type) {
  return type == ContainerType::docker || type == ContainerType::cri ||
         type == ContainerType::containerd || type == ContainerType::cri_o;
}

bool privileged(const Site& site, Extraction& out) {
  const Container* container = in_container(site);
  return container != nullptr && can_be_privileged(type_of(site)) &&
         out.set_number(container->privileged);
}

// ---- mounts ----

std::string_view true_or_false(bool value) { return value ? "true" : "false"; }

void append_mount(Text& to, const Mount& mount) {
  to.append(mount.source).append(':').append(mount.destination).append(':').append(mount.mode);
  to.append(':').append(true_or_false(mount.writable)).append(':').append(mount.propagation);
}

bool mounts(const Site& site, Extraction& out) {
  const Container* container = in_container(site);
  if (container == nullptr) return false;
  Text& text = out.compose();
  for (const Mount& mount : container->mounts) {
    if (!text.empty()) text.append(',');
    append_mount(text, mount);
  }
  return true;
}

/// The mount that the argument names: by its number, or the first whose path matches.
const Mount* find_mount(const Site& site, std::string Mount::*path) {
  const Container* record = container_record(site);
  if (record == nullptr) return nullptr;
  const Argument& argument = site.argument;
  if (argument.index)
    return *argument.index < record->mounts.size() ? &record->mounts[*argument.index] : nullptr;
  for (const Mount& mount : record->mounts)
    if (::fnmatch(argument.text.c_str(), (mount.*path).c_str(), 0) == 0) return &mount;
  return nullptr;
}

bool mount(const Site& site, Extraction& out) {
  const Mount* found = find_mount(site, &Mount::source);
  if (found == nullptr) return false;
  append_mount(out.compose(), *found);
  return true;
}

template <std::string Mount::*member, std::string Mount::*path>
bool of_mount(const Site& site, Extraction& out) {
  const Mount* found = find_mount(site, path);
  return found != nullptr && out.set_text(found->*member);
}

bool mount_writable(const Site& site, Extraction& out) {
  const Mount* found = find_mount(site, &Mount::source);
  return found != nullptr && out.set_text(true_or_false(found->writable));
}

// ---- labels, time ----

bool label(const Site& site, Extraction& out) {
  const Container* record = container_record(site);
  if (record == nullptr) return false;
  const std::string* value = Container::find(record->labels, site.argument.text);
  return value != nullptr && out.set_text(*value);
}

bool labels(const Site& site, Extraction& out) {
  if (is_on_host(site)) return out.set_text({});
  const Container* record = container_record(site);
  return record != nullptr && give_labels(record->labels, out);
}

/// 0: not known. For Falco's rules, the host has none.
uint64_t start_of(const Site& site) {
  if (site.settings.as_falco && is_on_host(site)) return 0;
  return site.thread() != nullptr ? site.thread()->pidns_init_start_ts : 0;
}

bool start_ts(const Site& site, Extraction& out) {
  const uint64_t start = start_of(site);
  return start != 0 && out.set_number(start);
}

bool duration(const Site& site, Extraction& out) {
  const uint64_t now = site.event.raw().ts, start = start_of(site);
  return start != 0 && out.set_number(now > start ? now - start : 0);
}

/// Which processes are those of probes is not followed.
bool is_probe(const Site& site, Extraction& out) {
  return site.thread() != nullptr && out.set_number(false);
}

constexpr Field is_probe_field(std::string_view name) {
  return {.name = name,
          .type = ParamType::boolean,
          .flags = deprecated,
          .depends = Depends::thread,
          .extract = is_probe,
          .doc = "Always false: kept for filters that name it."};
}

constexpr uint32_t mount_flags = arg_allowed | arg_required | of_program;

constexpr Field fields[] = {
    {.name = "container.id",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = id,
     .doc = "Id of the container, 12 characters where the full one is longer; host outside of "
            "containers."},
    {.name = "container.full_id",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = full_id,
     .doc = "The whole id of the container."},
    {.name = "container.name",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = name,
     .doc = "Name of the container; host outside of containers."},
    {.name = "container.type",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = type,
     .doc = "What runs the container: docker, containerd, cri-o, podman, lxc, ...; host outside of "
            "containers."},
    {.name = "container.image",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = known_text<&Container::image>,
     .doc = "Image of the container: nginx:1.25."},
    {.name = "container.image.id",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = known_text<&Container::image_id>,
     .doc = "Id of the image."},
    {.name = "container.image.repository",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = known_text<&Container::image_repository>,
     .doc = "Repository of the image, without tag and digest."},
    {.name = "container.image.tag",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = known_text<&Container::image_tag>,
     .doc = "Tag of the image: latest."},
    {.name = "container.image.digest",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = known_text<&Container::image_digest>,
     .doc = "Digest of the image: sha256:..."},
    {.name = "container.ip",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = text<&Container::ip>,
     .doc = "The container's first IP address."},
    {.name = "container.privileged",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::tree,
     .extract = privileged,
     .doc = "Whether the container runs privileged."},
    {.name = "container.host_pid",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::tree,
     .extract = truth<&Container::host_pid>,
     .doc = "Whether the container shares the host's pid namespace."},
    {.name = "container.host_network",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::tree,
     .extract = truth<&Container::host_network>,
     .doc = "Whether the container shares the host's network namespace."},
    {.name = "container.host_ipc",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::tree,
     .extract = truth<&Container::host_ipc>,
     .doc = "Whether the container shares the host's IPC namespace."},
    {.name = "container.mounts",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = mounts,
     .doc = "All mounts, with commas between them; each as source:destination:mode:rdwr:"
            "propagation."},
    {.name = "container.mount",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = mount,
     .doc = "One mount, by its number (container.mount[0]) or by a glob for its source "
            "(container.mount[/var/*])."},
    {.name = "container.mount.source",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = of_mount<&Mount::source, &Mount::destination>,
     .doc = "Source of a mount, by its number or by a glob for its destination."},
    {.name = "container.mount.dest",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = of_mount<&Mount::destination, &Mount::source>,
     .doc = "Destination of a mount, by its number or by a glob for its source."},
    {.name = "container.mount.mode",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = of_mount<&Mount::mode, &Mount::source>,
     .doc = "Mode of a mount, by its number or by a glob for its source."},
    {.name = "container.mount.rdwr",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = mount_writable,
     .doc = "Whether a mount can be written to, true or false, by its number or by a glob for its "
            "source."},
    {.name = "container.mount.propagation",
     .flags = mount_flags,
     .depends = Depends::tree,
     .extract = of_mount<&Mount::propagation, &Mount::source>,
     .doc = "Propagation of a mount, by its number or by a glob for its source."},
    {.name = "container.label",
     .flags = arg_allowed | arg_required | arg_dotted | of_program,
     .depends = Depends::tree,
     .extract = label,
     .doc = "One label: container.label.maintainer or container.label[maintainer]."},
    {.name = "container.labels",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = labels,
     .doc = "All labels but those of Kubernetes itself, as name:value, name:value."},
    {.name = "container.cni.json",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = text<&Container::cni_json>,
     .doc = "What the network plugin of the pod said, as JSON."},
    {.name = "container.start_ts",
     .type = ParamType::abstime,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = start_ts,
     .doc = "When the first process of the container's pid namespace was started."},
    {.name = "container.duration",
     .type = ParamType::reltime,
     .extract = duration,
     .doc = "Nanoseconds since container.start_ts."},
    {.name = "container.healthcheck",
     .flags = deprecated,
     .depends = Depends::tree,
     .extract = probe<&Container::healthcheck>,
     .doc = "Command line of the container's health check; NONE if it has none."},
    {.name = "container.liveness_probe",
     .flags = deprecated,
     .depends = Depends::tree,
     .extract = probe<&Container::liveness_probe>,
     .doc = "Command line of the container's liveness probe; NONE if it has none."},
    {.name = "container.readiness_probe",
     .flags = deprecated,
     .depends = Depends::tree,
     .extract = probe<&Container::readiness_probe>,
     .doc = "Command line of the container's readiness probe; NONE if it has none."},
    is_probe_field("proc.is_container_healthcheck"),
    is_probe_field("proc.is_container_liveness_probe"),
    is_probe_field("proc.is_container_readiness_probe"),
};

}  // namespace

FieldClass container_fields() {
  return {"container", "Containers",
          "The container that the event's thread runs in. Names and images are known if the trace "
          "has them.",
          fields};
}

}  // namespace gyr::filter
