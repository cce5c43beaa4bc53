#include "domains/accounts/company_store.h"

#include "domains/accounts/logos.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kSelectInstallation{"accounts.select_installation", R"sql(
    SELECT first_company, house_company FROM accounts.installation
)sql"};

constexpr pg::Query kBeginInstallation{"accounts.begin_installation", R"sql(
    SELECT accounts.begin_installation($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        AS begun -- the house, the first company and its owner
)sql"};

constexpr pg::Query kActive{"accounts.active_companies", R"sql(
    SELECT company_id FROM accounts.active_companies() AS company_id
)sql"};

constexpr pg::Query kInsertCompany{"accounts.insert_company", R"sql(
    INSERT INTO accounts.company (company_id, parent_id, name, kind, state, time_zone, currency,
        privacy_mode, synthetic, impersonation_consent, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kSelectCompany{"accounts.select_company", R"sql(
    SELECT company_id, parent_id, name, kind, state, time_zone, currency, privacy_mode, synthetic,
           impersonation_consent, second_factor, created_at, brand_name, brand_logo_object,
           brand_primary_color, brand_accent_color, brand_domain, suppress_below, standard_from
    FROM accounts.company WHERE company_id = $1
)sql"};

constexpr pg::Query kLockCompany{"accounts.lock_company", R"sql(
    SELECT company_id, parent_id, name, kind, state, time_zone, currency, privacy_mode, synthetic,
           impersonation_consent, second_factor, created_at, brand_name, brand_logo_object,
           brand_primary_color, brand_accent_color, brand_domain, suppress_below, standard_from
    FROM accounts.company WHERE company_id = $1 FOR UPDATE
)sql"};

constexpr pg::Query kDomainTaken{"accounts.domain_taken", R"sql(
    SELECT accounts.domain_is_anothers($1, $2) AS taken -- of another company
)sql"};

constexpr pg::Query kUpdateCompany{"accounts.update_company", R"sql(
    UPDATE accounts.company SET name = $2, state = $3, time_zone = $4, currency = $5,
        privacy_mode = $6, impersonation_consent = $7, brand_name = $8,
        brand_primary_color = $9, brand_accent_color = $10, brand_domain = $11,
        second_factor = $12, suppress_below = $13, standard_from = $14
    WHERE company_id = $1
)sql"};

constexpr pg::Query kSelectLogo{"accounts.select_logo", R"sql(
    SELECT brand_logo_object FROM accounts.company WHERE company_id = $1
)sql"};

constexpr pg::Query kUpdateLogo{"accounts.update_logo", R"sql(
    UPDATE accounts.company SET brand_logo_object = $2 WHERE company_id = $1
)sql"};

constexpr pg::Query kSelectContract{"accounts.select_contract", R"sql(
    SELECT company_id, parent_id, shares, accounts.parent_name() AS parent_name
    FROM accounts.contract WHERE company_id = $1
)sql"};

constexpr pg::Query kUpdateContract{"accounts.update_contract", R"sql(
    UPDATE accounts.contract SET shares = $2 WHERE company_id = $1
)sql"};

constexpr pg::Query kBeginContract{"accounts.begin_contract", R"sql(
    SELECT accounts.begin_contract($1, $2, $3) -- below the transaction's company
)sql"};

constexpr pg::Query kChildren{"accounts.children", R"sql(
    SELECT id, label, kind, state, shares, added_at, name, time_zone, currency, privacy_mode,
           synthetic
    FROM accounts.children() -- below the transaction's company
    WHERE id > $1 AND ($2 = '' OR strpos(lower(label), lower($2)) > 0)
    ORDER BY id LIMIT $3
)sql"};

constexpr pg::Query kChild{"accounts.child", R"sql(
    SELECT id, label, kind, state, shares, added_at, name, time_zone, currency, privacy_mode,
           synthetic
    FROM accounts.children() WHERE id = $1 -- below the transaction's company
)sql"};

Company company_from(const pg::Row& row) {
    return {
        .id = row.get<CompanyId>("company_id"),
        .parent_id = row.optional<CompanyId>("parent_id"),
        .name = row.get<std::string>("name"),
        .kind = row.get<CompanyKind>("kind"),
        .state = row.get<CompanyState>("state"),
        .time_zone = row.get<std::string>("time_zone"),
        .currency = row.get<std::string>("currency"),
        .privacy_mode = row.get<PrivacyMode>("privacy_mode"),
        .synthetic = row.get<bool>("synthetic"),
        .impersonation_consent = row.get<ConsentMode>("impersonation_consent"),
        .second_factor = row.get<SecondFactorRule>("second_factor"),
        .added_at = row.get<Instant>("created_at"),
        .brand =
            {
                row.optional<std::string>("brand_name"),
                logo_path(row.optional<std::string>("brand_logo_object")),
                row.optional<std::string>("brand_primary_color"),
                row.optional<std::string>("brand_accent_color"),
                row.optional<std::string>("brand_domain"),
            },
        .suppress_below = row.optional<std::int64_t>("suppress_below"),
        .standard_from = row.optional<Instant>("standard_from"),
    };
}

Child child_from(const pg::Row& row) {
    Child out{
        .id = row.get<CompanyId>("id"),
        .label = row.get<std::string>("label"),
        .kind = row.get<CompanyKind>("kind"),
        .state = row.get<CompanyState>("state"),
        .shares = row.get<std::vector<Share>>("shares"),
        .added_at = row.get<Instant>("added_at"),
        .profile = {},
    };
    if (const auto name = row.optional<std::string>("name")) {
        out.profile = CompanyProfile{
            .id = out.id,
            .name = *name,
            .time_zone = row.get<std::string>("time_zone"),
            .privacy_mode = row.get<PrivacyMode>("privacy_mode"),
            .synthetic = row.get<bool>("synthetic"),
            .kind = out.kind,
            .currency = row.get<std::string>("currency"),
        };
    }
    return out;
}

}  // namespace

std::optional<InstallationRow> select_installation(pg::Transaction& tx) {
    return tx.run(kSelectInstallation).first([](const pg::Row& row) {
        return InstallationRow{
            row.get<CompanyId>("first_company"), row.get<CompanyId>("house_company")};
    });
}

bool insert(pg::Transaction& tx, const FirstInstallation& all) {
    const auto& company = all.company;
    return *tx.run(
                  kBeginInstallation, all.house, company.id, company.name, company.time_zone,
                  company.kind, company.currency, company.privacy_mode, company.synthetic,
                  all.person, all.email, all.password_hash, all.one_time_until, all.now)
                .first([](const pg::Row& row) { return row.get<bool>("begun"); });
}

std::vector<CompanyId> select_active_companies(pg::Transaction& tx) {
    return tx.run(kActive).all([](const pg::Row& row) { return row.get<CompanyId>("company_id"); });
}

void insert(pg::Transaction& tx, const Company& company) {
    tx.run(
        kInsertCompany, tx.company(), company.parent_id, company.name, company.kind, company.state,
        company.time_zone, company.currency, company.privacy_mode, company.synthetic,
        company.impersonation_consent, company.added_at);
}

std::optional<Company> select_company(pg::Transaction& tx) {
    return tx.run(kSelectCompany, tx.company()).first(company_from);
}

std::optional<Company> lock_company(pg::Transaction& tx) {
    return tx.run(kLockCompany, tx.company()).first(company_from);
}

bool update(pg::Transaction& tx, const Company& company) {
    const auto& brand = company.brand;
    if (brand.domain) {
        const auto taken = tx.run(kDomainTaken, tx.company(), brand.domain);
        if (*taken.first([](const pg::Row& row) { return row.get<bool>("taken"); })) return false;
    }
    tx.run(
        kUpdateCompany, tx.company(), company.name, company.state, company.time_zone,
        company.currency, company.privacy_mode, company.impersonation_consent, brand.name,
        brand.primary_color, brand.accent_color, brand.domain, company.second_factor,
        company.suppress_below, company.standard_from);
    return true;
}

std::optional<std::string> select_logo(pg::Transaction& tx) {
    auto found = tx.run(kSelectLogo, tx.company()).first([](const pg::Row& row) {
        return row.optional<std::string>("brand_logo_object").value_or("");
    });
    // Programs before let anybody write here what they liked.
    if (!found || !found->starts_with("logos/" + tx.company().uuid() + "/")) return std::nullopt;
    return found;
}

void update_logo(pg::Transaction& tx, const std::optional<std::string>& object) {
    tx.run(kUpdateLogo, tx.company(), object);
}

CompanyProfile profile_of(const Company& company) {
    return {
        .id = company.id,
        .name = company.name,
        .time_zone = company.time_zone,
        .privacy_mode = company.privacy_mode,
        .synthetic = company.synthetic,
        .kind = company.kind,
        .currency = company.currency,
        .brand = company.brand,
        .suppress_below = company.suppress_below,
    };
}

std::optional<Contract> select_contract(pg::Transaction& tx) {
    return tx.run(kSelectContract, tx.company()).first([](const pg::Row& row) {
        return Contract{
            row.get<CompanyId>("company_id"), row.optional<CompanyId>("parent_id"),
            row.optional<std::string>("parent_name"), row.get<std::vector<Share>>("shares")};
    });
}

void update(pg::Transaction& tx, const Contract& contract) {
    tx.run(kUpdateContract, tx.company(), contract.shares);
}

void begin_contract(pg::Transaction& tx, CompanyId child, const std::string& label, Instant now) {
    tx.run(kBeginContract, child, label, now);
}

std::vector<Child> select_children(
    pg::Transaction& tx, const std::string& part, CompanyId after, std::int64_t limit) {
    return tx.run(kChildren, after, part, limit).all(child_from);
}

std::optional<Child> select_child(pg::Transaction& tx, CompanyId id) {
    return tx.run(kChild, id).first(child_from);
}

}  // namespace mobilytics::accounts
