#pragma once
// Strict reading of what follows the question mark, for generated code. Every fault is reported,
// with its place, "/query/from"; a name that the contract does not have is one.

#include <concepts>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/json.h"
#include "platform/http/router.h"

namespace mobilytics::http {

/// `query`, and the names that it is given, must outlive it.
class QueryReader {
  public:
    explicit QueryReader(const Query& query) : query_(query) {}
    QueryReader(const QueryReader&) = delete;
    QueryReader& operator=(const QueryReader&) = delete;

    template <class T>
    void required(T& out, std::string_view name, json::Limits limits = {}) {
        if (const auto* sent = find(name)) {
            read_one(*sent, out, name, limits);
        } else {
            fault(name, "is missing");
        }
    }
    template <class T>
    void optional(std::optional<T>& out, std::string_view name, json::Limits limits = {}) {
        if (const auto* sent = find(name)) read_one(*sent, out.emplace(), name, limits);
    }
    /// `otherwise` is read as if it had been sent.
    template <class T>
    void defaulted(T& out, std::string_view name, const char* otherwise, json::Limits limits = {}) {
        const auto* sent = find(name);
        read_one(sent != nullptr ? *sent : otherwise, out, name, limits);
    }
    /// "a,b", or the name again and again, or both.
    template <class T>
    void list(
        std::vector<T>& out, std::string_view name, json::Limits count, json::Limits limits = {}) {
        const auto sent = items(name);
        if (std::ssize(sent) < count.min) return fault(name, "has too few items");
        if (std::ssize(sent) > count.max) return fault(name, "has too many items");
        for (const auto& item : sent) read_one(item, out.emplace_back(), name, limits);
    }
    /// Cursor and limit.
    void page(PageRequest& out);

    /// Says what has not been asked for, then all the faults: invalid `bad_query`.
    Result<> finish();

  private:
    const std::string* find(std::string_view name);
    std::vector<std::string> items(std::string_view name);
    void fault(std::string_view name, std::string_view detail);
    static json::value number_of(const std::string& text, bool whole);

    /// Text becomes the JSON that it would be in a body, so that both are read in one way.
    template <class T>
    void read_one(const std::string& sent, T& out, std::string_view name, json::Limits limits) {
        json::value json(sent);
        if constexpr (std::same_as<T, bool>) {
            if (sent == "true" || sent == "false") json = sent == "true";
        } else if constexpr (std::same_as<T, double> || std::same_as<T, std::int64_t>) {
            json = number_of(sent, std::same_as<T, std::int64_t>);
        }
        json::read(json, out, json::Place(faults_, "/query").of(name), limits);
    }

    const Query& query_;
    std::set<std::string, std::less<>> known_;
    std::vector<Fault> faults_;
};

}  // namespace mobilytics::http
