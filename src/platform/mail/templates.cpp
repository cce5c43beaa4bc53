#include "platform/mail/templates.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace mobilytics::mail {

namespace {

// Tables and inline styles: what mail programs of all ages show alike. {{body}} is the template's.
constexpr std::string_view kLayout =
    R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{subject}}</title>
<style>
body { margin: 0; background: #f3f4f6; color: #111827; font: 16px/1.5 system-ui, Arial, sans-serif; }
.card { background: #ffffff; border-radius: 8px; padding: 32px; max-width: 560px; }
.button { display: inline-block; background: {{color}}; color: {{text_color}}; padding: 12px 20px; border-radius: 6px; text-decoration: none; font-weight: 600; }
.foot { color: #4b5563; font-size: 13px; padding: 16px 32px; max-width: 560px; }
@media (prefers-color-scheme: dark) {
  body { background: #111827; color: #f9fafb; }
  .card { background: #1f2937; }
  .foot { color: #d1d5db; }
}
</style>
</head>
<body>
<table role="presentation" width="100%" cellspacing="0" cellpadding="24"><tr><td align="center">
<table role="presentation" width="560" cellspacing="0" cellpadding="0"><tr><td align="left">
<p>{{head}}</p>
<div class="card">
{{body}}
</div>
<p class="foot">{{footer}}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
)html";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

/// Without what controls: a value is one line of what can be seen.
std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    return out;
}

/// What stands between {{ and }}, in their order. VERIFYs that each is closed, and a name.
std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> out;
    for (auto at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
        const auto end = text.find("}}", at);
        VERIFY(end != text.npos);
        const auto name = text.substr(at + 2, end - at - 2);
        VERIFY(!name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return std::islower(static_cast<unsigned char>(c)) != 0 || c == '_';
        }));
        out.emplace_back(name);
        at = end;
    }
    return out;
}

template <class Write>
std::string filled(std::string_view text, const Values& values, const Write& write) {
    std::string out;
    for (;;) {
        const auto at = text.find("{{");
        out += text.substr(0, at);
        if (at == text.npos) return out;
        const auto end = text.find("}}", at);
        const auto value = values.find(std::string(text.substr(at + 2, end - at - 2)));
        VERIFY(value != values.end());
        out += write(value->second);
        text.remove_prefix(end + 2);
    }
}

bool is_color(std::string_view text) {
    return text.size() == 7 && text[0] == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](char c) {
               return std::isxdigit(static_cast<unsigned char>(c)) != 0;
           });
}

/// A link that a mail may have: no script, nothing that ends the attribute that it stands in.
bool is_link(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("http://")) &&
           text.find_first_of(" \t\r\n\"'<>") == text.npos;
}

}  // namespace

Result<> check(const Brand& brand) {
    const auto bad = [](std::string_view what) {
        return fail(ErrorKind::invalid, "bad_brand", std::string(what));
    };
    if (brand.name.empty() || brand.name.size() > 100) return bad("name: 1 to 100 bytes");
    if (!is_color(brand.color) || !is_color(brand.text_color)) {
        return bad("colours are written like #1d4ed8");
    }
    if (!brand.logo_url.empty() &&
        (!brand.logo_url.starts_with("https://") || !is_link(brand.logo_url))) {
        return bad("logo_url: an https address");
    }
    return {};
}

void Templates::add(Template made) {
    std::set<std::string> names{"brand"};
    for (const auto* part : {&made.subject, &made.text, &made.html}) {
        for (auto& name : names_in(*part)) names.insert(std::move(name));
    }
    names.erase("brand");
    std::set<std::string> examples;
    for (const auto& [name, value] : made.examples) examples.insert(name);
    VERIFY(names == examples);
    auto name = made.name;
    VERIFY(by_name_.emplace(std::move(name), std::move(made)).second);
}

std::vector<std::string> Templates::names() const {
    std::vector<std::string> out;
    for (const auto& [name, made] : by_name_) out.push_back(name);
    return out;
}

std::vector<std::string> Templates::values_of(std::string_view name) const {
    std::vector<std::string> out;
    for (const auto& [value, example] : by_name_.at(std::string(name)).examples) {
        out.push_back(value);
    }
    return out;
}

Rendered Templates::render(std::string_view name, const Values& given, const Brand& brand) const {
    VERIFY(check(brand));
    const auto found = by_name_.find(std::string(name));
    VERIFY(found != by_name_.end());
    auto values = given;
    values["brand"] = brand.name;
    for (auto& [key, value] : values) {
        // What is a link by its name must be one: nothing else becomes an href.
        if (key.ends_with("link") && !is_link(value)) value = "";
    }
    const auto& made = found->second;
    Rendered out;
    out.subject = filled(made.subject, values, one_line);
    out.text = filled(made.text, values, one_line);
    if (!brand.footer.empty()) out.text += "\n-- \n" + brand.footer + "\n";
    const auto in_html = [](const std::string& value) { return escaped(one_line(value)); };
    const auto as_is = [](const std::string& value) { return value; };
    const auto head = brand.logo_url.empty()
                          ? "<strong>" + escaped(brand.name) + "</strong>"
                          : "<img src=\"" + escaped(brand.logo_url) + "\" alt=\"" +
                                escaped(brand.name) + "\" height=\"40\">";
    out.html = filled(
        kLayout,
        {{"subject", escaped(out.subject)},
         {"color", brand.color},
         {"text_color", brand.text_color},
         {"head", head},
         {"body", filled(made.html, values, in_html)},
         {"footer", escaped(brand.footer)}},
        as_is);
    return out;
}

Rendered Templates::preview(std::string_view name, const Brand& brand) const {
    return render(name, by_name_.at(std::string(name)).examples, brand);
}

}  // namespace mobilytics::mail
