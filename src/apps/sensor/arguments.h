#pragma once
// The command line, read strictly: a command, then options in any order. A word that is not known
// is refused with the nearest that is.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::sensor {

enum class Takes { nothing, value, values };  // `values`: as many words as follow, also repeated.

struct Option {
    std::string_view name;  // "--pcap"
    Takes takes = Takes::value;
};

class Arguments {
  public:
    /// invalid `bad_arguments`, with a message for people.
    static Result<Arguments> parse(
        const std::vector<std::string>& words, const std::vector<Option>& known);

    bool has(std::string_view name) const { return values_.contains(std::string(name)); }
    std::optional<std::string> value(std::string_view name) const;
    std::vector<std::string> values(std::string_view name) const;

  private:
    std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace mobilytics::sensor
