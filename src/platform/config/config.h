#pragma once
// Configuration: one TOML file, the environment over it. Modules own plain structs of their limits;
// apps/ lists their fields here, once, with unit and comment. A key that nobody listed stops the
// start.

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::config {

/// What a file or the environment gave: TOML's scalars; of the environment, text.
struct Given {
    std::string text;
    enum class Kind { text, whole, real, truth, from_environment, other } kind = Kind::other;
    std::string source;  // "mobilytics.toml:12" or "MOBILYTICS_HTTP_PORT".
};

struct Range {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

class Book {
  public:
    /// Begins a section, "http": its fields are http.port in TOML, MOBILYTICS_HTTP_PORT outside.
    Book& section(std::string name, std::string comment);

    /// A field of the section begun last. The value that it has now is its default, and it must
    /// outlive this. `unit` is printed behind it: "bytes", "ms", a TCP "port".
    Book& field(std::string name, std::string& value, std::string comment);
    Book& field(std::string name, Secret<std::string>& value, std::string comment);
    Book& field(std::string name, bool& value, std::string comment);
    template <std::integral Number>
    Book& field(
        std::string name, Number& value, std::string unit, std::string comment, Range range = {}) {
        clamp<Number>(range);
        return whole(
            std::move(name), std::move(unit), std::move(comment), range,
            [&value] { return static_cast<std::int64_t>(value); },
            [&value](std::int64_t number) { value = static_cast<Number>(number); });
    }
    /// A time span, a whole number of its own unit.
    template <class Rep, class Period>
    Book& field(
        std::string name, std::chrono::duration<Rep, Period>& value, std::string comment,
        Range range = {.min = 0}) {
        return whole(
            std::move(name), unit_of<Period>(), std::move(comment), range,
            [&value] { return static_cast<std::int64_t>(value.count()); },
            [&value](std::int64_t number) {
                value = std::chrono::duration<Rep, Period>(static_cast<Rep>(number));
            });
    }

    /// Reads `toml` (called `file` in errors), then the environment: MOBILYTICS_… over it. invalid
    /// `bad_config`, with a fault a key: where, what, and the nearest key for one that nobody
    /// listed. Then nothing is set.
    Result<> read(
        std::string_view toml, const std::string& file,
        const std::map<std::string, std::string>& environment);

    /// All that is in force, as TOML with comments and where each value is from; secrets are
    /// masked.
    std::string print() const;

  private:
    struct Field {
        std::string path, unit, comment;
        std::function<std::string()> show;  // As TOML writes it.
        std::function<std::optional<std::string>(const Given&, bool apply)>
            take;  // A fault, or none.
        std::string source = "default";
    };
    struct Section {
        std::string name, comment;
        std::vector<Field> fields;
    };

    Book& whole(
        std::string name, std::string unit, std::string comment, Range range,
        std::function<std::int64_t()> get, std::function<void(std::int64_t)> set);
    Book& add(Field field);
    Field* find(std::string_view path);
    std::string nearest(std::string_view path) const;

    template <class Number>
    static void clamp(Range& range) {
        using Limits = std::numeric_limits<Number>;
        if constexpr (sizeof(Number) < sizeof(std::int64_t)) {
            range.min = std::max(range.min, static_cast<std::int64_t>(Limits::min()));
            range.max = std::min(range.max, static_cast<std::int64_t>(Limits::max()));
        } else if constexpr (!Limits::is_signed) {
            range.min = std::max<std::int64_t>(range.min, 0);
        }
    }
    template <class Period>
    static std::string unit_of() {
        if constexpr (std::is_same_v<Period, std::micro>) return "us";
        if constexpr (std::is_same_v<Period, std::milli>) return "ms";
        if constexpr (std::is_same_v<Period, std::ratio<1>>) return "s";
        if constexpr (std::is_same_v<Period, std::ratio<60>>) return "min";
        if constexpr (std::is_same_v<Period, std::ratio<3600>>) return "h";
        if constexpr (std::is_same_v<Period, std::ratio<86400>>) return "d";
    }

    std::vector<Section> sections_;
};

/// MOBILYTICS_… of this process.
std::map<std::string, std::string> environment();

}  // namespace mobilytics::config
