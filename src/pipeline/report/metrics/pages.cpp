#include "pipeline/report/metrics/pages.h"

#include "foundation/json.h"

namespace mobilytics::report::metrics {

namespace {

constexpr std::string_view kMade =
    "<!-- Made by script/metrics, of src/pipeline/report/metrics: change it there. -->\n\n";

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string standing_words(Standing standing) {
    switch (standing) {
        case Standing::observed: return "observed: counted or timed by sensors";
        case Standing::calibrated:
            return "calibrated: made people of by a measured factor; without one it is observed, "
                   "and "
                   "counts devices";
        case Standing::modelled: return "modelled: of a formula that assumes what was not measured";
    }
    return "";
}

std::string factor_table(const Definition& metric) {
    std::string out =
        "\n## Factors\n\nEach is disclosed beside the number.\n\n| factor | in words | formula | "
        "source "
        "|\n|---|---|---|---|\n";
    for (const auto id : factors_of(metric)) {
        const auto& factor = definition(id);
        out += "| " + std::string(factor.name) + " | " + std::string(factor.means) + " | " +
               code(factor.formula) + " | " + std::string(factor.source) + " |\n";
    }
    return out;
}

std::string page(const Definition& metric) {
    std::string out{kMade};
    const auto add = [&out](std::string_view head, std::string_view text) {
        if (!text.empty()) out += "\n**" + std::string(head) + "** " + std::string(text) + "\n";
    };
    out += "# " + std::string(metric.name) + "\n\n" + std::string(metric.counts) + "\n\n    " +
           std::string(metric.formula) + "\n";
    add("Unit:", metric.unit.empty() ? "a plain number" : metric.unit);
    add("Standing:", standing_words(metric.standing));
    add("Needs:", metric.needs);
    add("Uncertainty:", metric.uncertainty);
    add("Mind:", metric.note);
    add("Source:", metric.source);
    add("Answered by:",
        metric.answered_by.empty()
            ? std::string("no operation of the API yet; computed by `src/pipeline/report/metrics`")
            : code(metric.answered_by) + " of the API");
    if (!metric.factors.empty()) out += factor_table(metric);
    return out;
}

std::string list() {
    std::string out{kMade};
    out +=
        "# Metrics\n\nWhat each figure is, from the registry that the code computes by. The "
        "definitions "
        "are also answered by\n`GET /api/v1/metrics`.\n\n| metric | unit | standing "
        "|\n|---|---|---|\n";
    for (const auto& metric : definitions()) {
        out += "| [" + std::string(metric.name) + "](" + std::string(word(metric.id)) + ".md) | " +
               std::string(metric.unit) + " | " + std::string(word(metric.standing)) + " |\n";
    }
    return out;
}

json::object told(const FactorDefinition& factor) {
    return {
        {"id", word(factor.id)},
        {"name", factor.name},
        {"means", factor.means},
        {"formula", factor.formula},
        {"source", factor.source}};
}

/// What GET /api/v1/metrics answers, a metric a line.
std::string answer() {
    std::string out = "{\"items\": [\n";
    const auto all = definitions();
    for (const auto& metric : all) {
        boost::json::array factors;
        for (const auto id : factors_of(metric)) factors.push_back(told(definition(id)));
        json::object item{
            {"id", word(metric.id)},
            {"name", metric.name},
            {"unit", metric.unit},
            {"digits", metric.digits},
            {"standing", word(metric.standing)},
            {"counts", metric.counts},
            {"formula", metric.formula},
            {"factors", std::move(factors)},
            {"needs", metric.needs},
            {"uncertainty", metric.uncertainty},
            {"source", metric.source},
            {"note", metric.note}};
        if (!metric.answered_by.empty()) item["answered_by"] = metric.answered_by;
        out += json::text(item) + (&metric == &all.back() ? "\n" : ",\n");
    }
    return out + "]}\n";
}

}  // namespace

std::map<std::string, std::string> pages() {
    std::map<std::string, std::string> out{{"README.md", list()}, {"definitions.json", answer()}};
    for (const auto& metric : definitions())
        out[std::string(word(metric.id)) + ".md"] = page(metric);
    return out;
}

}  // namespace mobilytics::report::metrics
