#include "domains/accounts/session_reply.h"

#include "foundation/json.h"

namespace mobilytics::accounts {

namespace {

json::value brand_json(const Brand& brand) {
    json::Writer out;
    out.optional("name", brand.name);
    out.optional("logo", brand.logo);
    out.optional("primary_color", brand.primary_color);
    out.optional("accent_color", brand.accent_color);
    out.optional("domain", brand.domain);
    return out.finish();
}

json::value company_json(const CompanyProfile& company) {
    json::Writer out;
    out.field("id", company.id);
    out.field("name", company.name);
    out.field("kind", company.kind);
    out.field("time_zone", company.time_zone);
    out.field("currency", company.currency);
    out.field("privacy_mode", company.privacy_mode);
    out.field("synthetic", company.synthetic);
    if (company.brand) out.field("brand", *company.brand, brand_json);
    return out.finish();
}

json::value user_json(const SessionView& view) {
    json::Writer out;
    if (view.acting_as) {
        out.field("id", view.acting_as->id);
        out.field("name", view.acting_as->name);
        out.field("email", view.acting_as->email);
        out.field("role", view.acting_as->role);
        out.field("has_one_time_password", false);
        out.field("has_second_factor", view.acting_as->has_second_factor);
        return out.finish();
    }
    out.field("id", view.person.id);
    out.field("name", view.person.name);
    out.field("email", view.person.email);
    out.field("role", view.state.role.value_or(Role::viewer));
    out.field("has_one_time_password", view.state.has_one_time_password);
    out.field("has_second_factor", view.state.has_totp || view.state.has_passkey);
    return out.finish();
}

json::value belonging_json(const Belonging& belonging) {
    json::Writer out;
    out.field("company_id", belonging.company_id);
    out.field("company_name", belonging.company_name);
    out.field("kind", belonging.kind);
    out.field("role", belonging.role);
    return out.finish();
}

json::value acting_json(const Impersonation& one, Instant now) {
    const bool over = now >= one.expires_at;
    json::Writer out;
    out.field("id", one.id);
    out.field("staff_id", one.staff_id);
    out.field("staff_name", one.staff_name);
    out.field("reason", one.reason);
    out.field("ticket", one.ticket);
    out.field("may_write", one.may_write);
    out.field("state", over ? ImpersonationState::ended : one.state);
    out.field("expires_at", one.expires_at);
    return out.finish();
}

json::value sight_json(const Sight& sight) {
    json::Writer out;
    out.field("company_id", sight.from);
    out.field("company", sight.from_name);
    out.field("shares", sight.shares, [](const auto& shares) {
        return json::encode_list(shares, json::kEncode);
    });
    return out.finish();
}

}  // namespace

boost::json::value session_json(const SessionView& view, Instant now) {
    const auto needs = needs_of(view.state);
    std::vector<SecondFactorKind> factors;
    if (view.state.has_totp) factors.push_back(SecondFactorKind::totp);
    if (view.state.has_passkey) factors.push_back(SecondFactorKind::passkey);
    json::Writer out;
    out.field("id", view.state.session.id);
    out.field("needs", needs);
    out.field("user", view, user_json);
    out.field("company", view.company, company_json);
    // Who has shown half of what they have is told no more than they need.
    const auto all = needs == Needs::second_factor ? std::vector<Belonging>() : view.belongings;
    out.field("companies", all, [](const auto& items) {
        return json::encode_list(items, belonging_json);
    });
    out.field("expires_at", view.state.session.expires_at);
    if (!factors.empty()) {
        out.field("second_factors", factors, [](const auto& all) {
            return json::encode_list(all, json::kEncode);
        });
    }
    if (view.impersonation) {
        out.field("impersonation", *view.impersonation, [now](const auto& one) {
            return acting_json(one, now);
        });
    }
    if (view.sight) out.field("sight", *view.sight, sight_json);
    return out.finish();
}

}  // namespace mobilytics::accounts
