#include "cli/completion.hpp"

#include <doctest/doctest.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"

using namespace gyr;

TEST_CASE("completions know every option and every command") {
  for (const Shell shell : {Shell::bash, Shell::zsh, Shell::fish}) {
    const std::string script = completion_script(shell);
    for (const auto& row : option_table()) {
      const size_t at = row.names.rfind("--");
      if (at == std::string_view::npos) continue;
      // fish writes the name apart from the dashes.
      const std::string name(row.names.substr(shell == Shell::fish ? at + 2 : at));
      CHECK_MESSAGE(script.find(name) != std::string::npos, name);
    }
    for (const Command& command : commands())
      CHECK_MESSAGE(script.find(command.name) != std::string::npos, command.name);
  }
}

TEST_CASE("words that complete") {
  const auto fields = completion_words("fields");
  REQUIRE(fields);
  CHECK(fields->find("proc.name\tName of the program") != std::string::npos);
  CHECK(completion_words("commands")->find("info\twhat traces hold\n") != std::string::npos);
  CHECK(completion_words("nosuch").error().message == "there are no words of kind 'nosuch'");
}
