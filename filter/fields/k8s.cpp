// k8s.*: the Kubernetes pod of the thread's container, from labels that the runtime put on it.
#include "filter/fields/containers.hpp"
#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

constexpr std::string_view pod_name = "io.kubernetes.pod.name";
constexpr std::string_view pod_namespace = "io.kubernetes.pod.namespace";
constexpr std::string_view pod_uid = "io.kubernetes.pod.uid";
constexpr std::string_view sandbox_label = "io.kubernetes.sandbox.id";
constexpr size_t short_id = 12;

template <const std::string_view& name>
bool by_label(const Site& site, Extraction& out) {
  const Container* record = container_record(site);
  if (record == nullptr) return false;
  const std::string* value = Container::find(record->labels, name);
  return value != nullptr && out.set_text(*value);
}

/// Of the container that holds the pod's namespaces; empty when it is not known.
std::string_view sandbox_id(const Container& container) {
  if (!container.pod_sandbox_id.empty()) return container.pod_sandbox_id;
  const std::string* id = Container::find(container.labels, sandbox_label);
  return id != nullptr ? std::string_view(*id) : std::string_view();
}

const Container* sandbox(const Site& site, const Container& container) {
  const std::string_view id = sandbox_id(container);
  return id.empty() ? nullptr : site.state.containers.find(id.substr(0, short_id));
}

/// The pod's own labels; nullptr when they are not known.
const Container::Labels* pod_labels(const Site& site) {
  const Container* record = container_record(site);
  if (record == nullptr) return nullptr;
  if (!record->pod_sandbox_labels.empty()) return &record->pod_sandbox_labels;
  const Container* of = sandbox(site, *record);
  if (of == nullptr) return nullptr;
  return of->pod_sandbox_labels.empty() ? &of->labels : &of->pod_sandbox_labels;
}

bool label(const Site& site, Extraction& out) {
  const Container::Labels* known = pod_labels(site);
  const std::string* value =
      known != nullptr ? Container::find(*known, site.argument.text) : nullptr;
  return value != nullptr && out.set_text(*value);
}

bool labels(const Site& site, Extraction& out) {
  const Container::Labels* known = pod_labels(site);
  return known != nullptr && give_labels(*known, out);
}

bool full_sandbox_id(const Site& site, Extraction& out) {
  const Container* record = container_record(site);
  return record != nullptr && out.set_text(sandbox_id(*record));
}

bool short_sandbox_id(const Site& site, Extraction& out) {
  const Container* record = container_record(site);
  return record != nullptr && out.set_text(sandbox_id(*record).substr(0, short_id));
}

/// The network is that of the sandbox, whose record has what the network plugin said.
template <std::string Container::*member>
bool of_network(const Site& site, Extraction& out) {
  const Container* record = container_record(site);
  if (record != nullptr && record->cni_json.empty()) record = sandbox(site, *record);
  return record != nullptr && out.set_text(record->*member);
}

bool not_in_traces(const Site&, Extraction&) { return false; }
bool never(uint16_t) { return false; }

constexpr uint32_t label_flags = arg_allowed | arg_required | arg_dotted;

constexpr Field only_with_api(std::string_view name, uint32_t flags = 0) {
  return {.name = name,
          .flags = flags | deprecated,
          .depends = Depends::type,
          .applies = never,
          .extract = not_in_traces,
          .doc = "No value: only the Kubernetes API server knows it."};
}

constexpr Field fields[] = {
    {.name = "k8s.pod.name",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = by_label<pod_name>,
     .doc = "Name of the pod."},
    {.name = "k8s.pod.id",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = by_label<pod_uid>,
     .doc = "Unique id of the pod."},
    {.name = "k8s.pod.uid",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = by_label<pod_uid>,
     .doc = "The same as k8s.pod.id."},
    {.name = "k8s.pod.sandbox_id",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = short_sandbox_id,
     .doc = "Id of the container that holds the pod's namespaces, 12 characters of it."},
    {.name = "k8s.pod.full_sandbox_id",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = full_sandbox_id,
     .doc = "The whole id of the container that holds the pod's namespaces."},
    {.name = "k8s.pod.label",
     .flags = label_flags | of_program,
     .depends = Depends::tree,
     .extract = label,
     .doc = "One label of the pod: k8s.pod.label.app or k8s.pod.label[app]."},
    {.name = "k8s.pod.labels",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = labels,
     .doc = "All labels of the pod but those of Kubernetes itself, as name:value, name:value."},
    {.name = "k8s.pod.ip",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = of_network<&Container::ip>,
     .doc = "IP address of the pod."},
    {.name = "k8s.pod.cni.json",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = of_network<&Container::cni_json>,
     .doc = "What the pod's network plugin said, as JSON."},
    {.name = "k8s.ns.name",
     .flags = of_program,
     .depends = Depends::tree,
     .extract = by_label<pod_namespace>,
     .doc = "Kubernetes namespace of the pod."},
    only_with_api("k8s.ns.id"),
    only_with_api("k8s.ns.label", label_flags),
    only_with_api("k8s.ns.labels"),
    only_with_api("k8s.rc.name"),
    only_with_api("k8s.rc.id"),
    only_with_api("k8s.rc.label", label_flags),
    only_with_api("k8s.rc.labels"),
    only_with_api("k8s.svc.name"),
    only_with_api("k8s.svc.id"),
    only_with_api("k8s.svc.label", label_flags),
    only_with_api("k8s.svc.labels"),
    only_with_api("k8s.rs.name"),
    only_with_api("k8s.rs.id"),
    only_with_api("k8s.rs.label", label_flags),
    only_with_api("k8s.rs.labels"),
    only_with_api("k8s.deployment.name"),
    only_with_api("k8s.deployment.id"),
    only_with_api("k8s.deployment.label", label_flags),
    only_with_api("k8s.deployment.labels"),
};

}  // namespace

FieldClass k8s_fields() {
  return {"k8s", "Kubernetes", "The pod that the event's container belongs to.", fields};
}

}  // namespace gyr::filter
