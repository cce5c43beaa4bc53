#include "platform/config/config.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include <toml++/toml.h>
#include <unistd.h>

namespace mobilytics::config {

namespace {

constexpr std::string_view kPrefix = "MOBILYTICS_";
/// What the environment tells other parts of an installation, and is no key of the file.
constexpr std::string_view kOthers[] = {
    "MOBILYTICS_CONFIG", "MOBILYTICS_DATA", "MOBILYTICS_REAL_DATA", "MOBILYTICS_BUILD",
    "MOBILYTICS_TEST_PG"};

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string variable_of(std::string_view path) {
    std::string out(kPrefix);
    for (const char c : path) {
        out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return out;
}

std::size_t distance(std::string_view a, std::string_view b) {  // Levenshtein's.
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row[b.size()];
}

bool is_text(const Given& given) {
    return given.kind == Given::Kind::text || given.kind == Given::Kind::from_environment;
}

std::optional<std::int64_t> whole_of(const Given& given) {
    if (given.kind != Given::Kind::whole && given.kind != Given::Kind::from_environment) return {};
    std::int64_t number = 0;
    const auto* end = given.text.data() + given.text.size();
    const auto read = std::from_chars(given.text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return {};
    return number;
}

Given given_of(const toml::node& node, const std::string& file) {
    Given out;
    out.source = file + ":" + std::to_string(node.source().begin.line);
    if (const auto* text = node.as_string()) {
        out.text = text->get();
        out.kind = Given::Kind::text;
    } else if (const auto* number = node.as_integer()) {
        out.text = std::to_string(number->get());
        out.kind = Given::Kind::whole;
    } else if (const auto* truth = node.as_boolean()) {
        out.text = truth->get() ? "true" : "false";
        out.kind = Given::Kind::truth;
    } else if (node.is_floating_point()) {
        out.kind = Given::Kind::real;
    }
    return out;
}

/// Every leaf of a table, by its path.
void leaves(
    const toml::table& table, const std::string& before, const std::string& file,
    std::vector<std::pair<std::string, Given>>& out) {
    for (const auto& [key, node] : table) {
        const auto path = before + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            leaves(*inner, path + ".", file, out);
        } else {
            out.emplace_back(path, given_of(node, file));
        }
    }
}

}  // namespace

Book& Book::section(std::string name, std::string comment) {
    sections_.push_back({std::move(name), std::move(comment), {}});
    return *this;
}

Book& Book::add(Field field) {
    VERIFY(!sections_.empty());
    auto& section = sections_.back();
    field.path = section.name + "." + field.path;
    VERIFY(find(field.path) == nullptr);
    section.fields.push_back(std::move(field));
    return *this;
}

Book& Book::field(std::string name, std::string& value, std::string comment) {
    return add({
        .path = std::move(name),
        .unit = "",
        .comment = std::move(comment),
        .show = [&value] { return in_quotes(value); },
        .take = [&value](const Given& given, bool apply) -> std::optional<std::string> {
            if (!is_text(given)) return "is to be text, in quotes";
            if (apply) value = given.text;
            return {};
        },
    });
}

Book& Book::field(std::string name, Secret<std::string>& value, std::string comment) {
    return add({
        .path = std::move(name),
        .unit = "",
        .comment = std::move(comment),
        .show = [&value] { return std::string(value.empty() ? "\"\"" : "\"(secret)\""); },
        .take = [&value](const Given& given, bool apply) -> std::optional<std::string> {
            if (!is_text(given)) return "is to be text, in quotes";
            if (apply) value = Secret(given.text);
            return {};
        },
    });
}

Book& Book::field(std::string name, bool& value, std::string comment) {
    return add({
        .path = std::move(name),
        .unit = "",
        .comment = std::move(comment),
        .show = [&value] { return value ? "true" : "false"; },
        .take = [&value](const Given& given, bool apply) -> std::optional<std::string> {
            const bool known = given.text == "true" || given.text == "false";
            if (given.kind == Given::Kind::text || !known) return "is to be true or false";
            if (apply) value = given.text == "true";
            return {};
        },
    });
}

Book& Book::whole(
    std::string name, std::string unit, std::string comment, Range range,
    std::function<std::int64_t()> get, std::function<void(std::int64_t)> set) {
    return add({
        .path = std::move(name),
        .unit = std::move(unit),
        .comment = std::move(comment),
        .show = [get = std::move(get)] { return std::to_string(get()); },
        .take = [range, set = std::move(set)](
                    const Given& given, bool apply) -> std::optional<std::string> {
            const auto number = whole_of(given);
            if (!number) return "is to be a whole number";
            if (*number < range.min) return "is to be at least " + std::to_string(range.min);
            if (*number > range.max) return "is to be at most " + std::to_string(range.max);
            if (apply) set(*number);
            return {};
        },
    });
}

Book::Field* Book::find(std::string_view path) {
    for (auto& section : sections_) {
        for (auto& field : section.fields) {
            if (field.path == path) return &field;
        }
    }
    return nullptr;
}

std::string Book::nearest(std::string_view path) const {
    std::string best;
    auto best_distance = std::max<std::size_t>(3, path.size() / 3) + 1;
    for (const auto& section : sections_) {
        for (const auto& field : section.fields) {
            const auto found = distance(path, field.path);
            if (found < best_distance) {
                best = field.path;
                best_distance = found;
            }
        }
    }
    return best.empty() ? "" : "; did you mean " + best + "?";
}

Result<> Book::read(
    std::string_view toml, const std::string& file,
    const std::map<std::string, std::string>& environment) {
    std::vector<std::pair<std::string, Given>> found;
    std::vector<Fault> faults;
    try {
        leaves(toml::parse(toml, file), "", file, found);
    } catch (const toml::parse_error& error) {
        faults.push_back(
            {file + ":" + std::to_string(error.source().begin.line),
             std::string(error.description())});
    }
    std::map<std::string, std::string> path_of;
    for (const auto& section : sections_) {
        for (const auto& field : section.fields) path_of[variable_of(field.path)] = field.path;
    }
    for (const auto& [name, value] : environment) {
        if (std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers)) continue;
        const auto known = path_of.find(name);
        if (known == path_of.end()) {
            faults.push_back({name, "is no variable of ours: see `mobilytics config`"});
            continue;
        }
        found.push_back({known->second, {value, Given::Kind::from_environment, name}});
    }
    for (const auto& [path, given] : found) {
        auto* field = find(path);
        if (field == nullptr) {
            faults.push_back({given.source, path + " is not known here" + nearest(path)});
        } else if (const auto fault = field->take(given, false)) {
            faults.push_back({given.source, path + " " + *fault});
        }
    }
    if (!faults.empty()) {
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_config", "the configuration has faults", std::move(faults)});
    }
    for (const auto& [path, given] : found) {
        auto* field = find(path);
        field->take(given, true);
        field->source = given.source;
    }
    return {};
}

std::string Book::print() const {
    std::string out;
    for (const auto& section : sections_) {
        out += (out.empty() ? "# " : "\n# ") + section.comment + "\n[" + section.name + "]\n";
        for (const auto& field : section.fields) {
            out += "# " + field.comment + (field.unit.empty() ? "" : " In " + field.unit + ".");
            out += " " + variable_of(field.path) + "; from: " + field.source + "\n";
            out += field.path.substr(section.name.size() + 1) + " = " + field.show() + "\n";
        }
    }
    return out;
}

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> out;
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
        const std::string_view entry(*at);
        const auto equals = entry.find('=');
        if (!entry.starts_with(kPrefix) || equals == entry.npos) continue;
        out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return out;
}

}  // namespace mobilytics::config
