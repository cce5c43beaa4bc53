#pragma once
// What mail says: a subject, and a body in text and in HTML, with {{names}} in the place of values.
// Values are text, whatever they look like; HTML stands in templates only.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::mail {

using Values = std::map<std::string, std::string>;

/// Whose mail it looks like. Colours are "#rrggbb".
struct Brand {
    std::string name = "Mobilytics";
    std::string color = "#1d4ed8";       // Of buttons.
    std::string text_color = "#ffffff";  // On them.
    std::string logo_url = {};           // https; empty: its name is written.
    std::string footer = {};             // Who and where they are.
};
/// invalid `bad_brand`, naming what is wrong.
Result<> check(const Brand& brand);

struct Template {
    std::string name;     // "accounts.invitation"; never changes.
    std::string subject;  // "{{inviter}} invites you to {{company}}"
    std::string text;
    std::string html;  // What stands within the layout; <a class="button" href="{{link}}">.
    Values examples;   // Of every name that it has, for previews.
};

struct Rendered {
    std::string subject;
    std::string text;
    std::string html;
};

class Templates {
  public:
    /// VERIFYs that it is well-formed, new, and that its examples are all its names.
    void add(Template made);
    bool has(std::string_view name) const { return by_name_.contains(std::string(name)); }
    std::vector<std::string> names() const;

    /// With "brand" for the brand's name. VERIFYs that all values are there.
    Rendered render(std::string_view name, const Values& values, const Brand& brand) const;
    Rendered preview(std::string_view name, const Brand& brand = {}) const;
    /// The names that a template has values for.
    std::vector<std::string> values_of(std::string_view name) const;

  private:
    std::map<std::string, Template> by_name_;
};

}  // namespace mobilytics::mail
