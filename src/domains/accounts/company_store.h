#pragma once
// Companies, their contracts, and which of them this installation was opened for, in Postgres.

#include "domains/accounts/companies.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

struct InstallationRow {
    CompanyId first, house;
};
std::optional<InstallationRow> select_installation(pg::Transaction& tx);
struct FirstInstallation {
    CompanyId house;
    CompanyProfile company;
    PersonId person;  // A superuser of the one, the owner of the other.
    std::string email, password_hash;
    Instant one_time_until, now;
};
/// False when another start was faster; then nothing is written.
bool insert(pg::Transaction& tx, const FirstInstallation& all);
std::vector<CompanyId> select_active_companies(pg::Transaction& tx);

// Of the transaction's company.
void insert(pg::Transaction& tx, const Company& company);
std::optional<Company> select_company(pg::Transaction& tx);
/// The same, and nobody else changes it, or who belongs to it, until the transaction ends.
std::optional<Company> lock_company(pg::Transaction& tx);
/// False, when another company has that domain; the transaction can then only be left.
bool update(pg::Transaction& tx, const Company& company);
CompanyProfile profile_of(const Company& company);
/// The object that its logo is; update(Company) leaves it.
std::optional<std::string> select_logo(pg::Transaction& tx);
void update_logo(pg::Transaction& tx, const std::optional<std::string>& object);

std::optional<Contract> select_contract(pg::Transaction& tx);
void update(pg::Transaction& tx, const Contract& contract);

/// Between the transaction's company and a new one below it, which is there already.
void begin_contract(pg::Transaction& tx, CompanyId child, const std::string& label, Instant now);
std::vector<Child> select_children(
    pg::Transaction& tx, const std::string& part, CompanyId after, std::int64_t limit);
std::optional<Child> select_child(pg::Transaction& tx, CompanyId id);

}  // namespace mobilytics::accounts
