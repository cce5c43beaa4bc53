#include <charconv>

#include "foundation/json.h"

namespace mobilytics::json {

namespace {

/// Appends to one text, without a copy for what is within.
class Printer {
  public:
    explicit Printer(std::string& out) : out_(out) {}

    void print(const value& json) {
        switch (json.kind()) {
            case boost::json::kind::null: out_ += "null"; return;
            case boost::json::kind::bool_: out_ += json.get_bool() ? "true" : "false"; return;
            case boost::json::kind::int64: number(json.get_int64()); return;
            case boost::json::kind::uint64: number(json.get_uint64()); return;
            case boost::json::kind::double_: number(json.get_double()); return;
            case boost::json::kind::string: quoted(json.get_string()); return;
            case boost::json::kind::array: list(json.get_array()); return;
            case boost::json::kind::object: fields(json.get_object()); return;
        }
    }

  private:
    /// The shortest that reads back as the same.
    template <class Number>
    void number(Number content) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), content).ptr;
        out_.append(digits.data(), end);
    }
    void quoted(std::string_view content) {
        static constexpr std::string_view hex = "0123456789abcdef";
        out_ += '"';
        for (const char c : content) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                out_ += '\\';
                out_ += c;
            } else if (byte >= 0x20) {
                out_ += c;
            } else if (c == '\n') {
                out_ += "\\n";
            } else {
                out_ += "\\u00";
                out_ += hex[byte >> 4];
                out_ += hex[byte & 15];
            }
        }
        out_ += '"';
    }
    void list(const boost::json::array& items) {
        out_ += '[';
        for (const auto& item : items) {
            if (&item != items.begin()) out_ += ',';
            print(item);
        }
        out_ += ']';
    }
    void fields(const object& all) {
        out_ += '{';
        for (const auto& field : all) {
            if (&field != all.begin()) out_ += ',';
            quoted(field.key());
            out_ += ':';
            print(field.value());
        }
        out_ += '}';
    }

    std::string& out_;
};

}  // namespace

std::string text(const value& json) {
    std::string out;
    Printer(out).print(json);
    return out;
}

}  // namespace mobilytics::json
