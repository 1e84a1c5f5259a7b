#include "cli/list_events.hpp"

#include <algorithm>
#include <cctype>

#include "schema/schema.hpp"

namespace gyr {

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

void append_event(std::string& text, uint32_t id, const schema::Event& event) {
  text += schema::is_enter(id) ? "> " : "< ";
  text += event.name;
  text += '(';
  for (size_t i = 0; i < event.params.size(); ++i) {
    const schema::Param& param = event.params[i];
    if (i != 0) text += ", ";
    text += upper(schema::param_types[static_cast<size_t>(param.type)].name);
    text += ' ';
    text += param.name;
  }
  text += ")\n";
}

}  // namespace

std::string list_events_text() {
  std::string text;
  for (uint32_t id = 0; id < schema::events.size(); ++id) {
    const schema::Event& event = schema::events[id];
    if ((event.flags & (schema::unused | schema::old_version)) != 0) continue;
    append_event(text, id, event);
  }
  return text;
}

}  // namespace gyr
