// What the trace says about containers.
#include "decoder/container_json.hpp"
#include "decoder/handlers/handlers.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

void set_from_json(State& state, std::string_view json) {
  if (auto container = parse_container(json))
    state.containers.set(std::move(*container), json.size());
}

/// The oldest form has four parameters instead of a JSON text.
void set_from_params(const Change& change) {
  namespace old = schema::param::container_enter;
  const Event& event = change.event;
  if (event.nparams() <= old::image.index) return;
  Container container;
  container.id = Event::value<std::string_view>(event.param(old::id.index));
  container.type = ContainerType{Event::value<uint32_t>(event.param(old::type.index))};
  container.name = Event::value<std::string_view>(event.param(old::name.index));
  container.image = Event::value<std::string_view>(event.param(old::image.index));
  change.state.containers.set(std::move(container), event.raw().data_size);
}

}  // namespace

void on_container(const Change& change) {
  namespace container = schema::param::container_json_2_enter;
  if (change.event.raw().type == schema::type::container_enter)
    set_from_params(change);
  else
    set_from_json(change.state, change.event.get(container::json));
}

/// Today's way: events of the plugin that asks container runtimes.
void on_async_event(const Change& change) {
  namespace async = schema::param::asyncevent_enter;
  const std::string_view name = change.event.get(async::name);
  const std::string_view json = text_value(change.event.bytes(async::data));
  if (name == "container") set_from_json(change.state, json);
  if (name != "container_removed") return;
  if (const auto container = parse_container(json)) change.state.containers.remove(container->id);
}

}  // namespace gyr::handlers
