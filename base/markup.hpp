// Text between the tags of HTML and XML.
//
// Purpose: what comes from a trace is shown as it is and can never become part of the page.
//
// Contract: whatever the bytes, what is appended is valid between tags and inside quotes, in HTML
// and in XML 1.0, and on one line. The characters of markup become references. What could not be
// seen, or would change how the rest is seen, stands as an escape: "\n", "\x1b" for a control
// character, "\xff" for a byte that is no part of valid UTF-8, "\u202e" for what reverses the
// direction of text or is no character.
//
// Example:
//   append_markup(page, "<b>\"x\"\x1b");   // &lt;b&gt;&quot;x&quot;\x1b
#pragma once

#include <string_view>

#include "base/text.hpp"

namespace gyr {

void append_markup(Text& to, std::string_view text);

}  // namespace gyr
