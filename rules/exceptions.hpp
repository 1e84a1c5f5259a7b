// Exceptions of rules: how they are read, joined, and what they add to a condition.
//
// Contract: `read_exceptions` reports everything that is wrong and gives what is right.
// `merge_exceptions` is what `append` means: known names get more values, others are new.
// `append_exceptions` adds " and not …" for each exception that has values; the text is parsed with
// the condition, so that values may name lists.
//
// Example:
//   // fields: [proc.name, fd.name], values: [[cat, /etc/x]]
//   append_exceptions(rule.exceptions, condition);   // … and not ((proc.name = cat and fd.name =
//   …))
#pragma once

#include "rules/definitions.hpp"
#include "rules/item.hpp"

namespace gyr::rules {

std::vector<Exception> read_exceptions(const Item& rule);
/// Says what is wrong with an exception as a whole, once it is complete: its fields, operators and
/// values must fit together. False: it cannot be used. `check_fields`: they must be known.
bool check_exception(const Exception& exception, bool check_fields, const std::string& context,
                     Findings& findings);
void merge_exceptions(const Item& item, const std::vector<Exception>& from,
                      std::vector<Exception>& to);

/// `condition` in parentheses and what the exceptions add.
TracedText with_exceptions(const TracedText& condition, const std::vector<Exception>& exceptions);

}  // namespace gyr::rules
