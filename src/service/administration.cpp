#include "service/administration.h"

#include "domain/refusal.h"
#include "store/catalogue_store.h"
#include "store/machine_store.h"
#include "store/member_store.h"
#include "store/order_store.h"
#include "store/provisioning_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace service {

using domain::Reason;
using domain::Refusal;

namespace {

domain::MemberId id_of(store::Session& session, const std::string& uid)
{
    const auto id = store::MemberStore{session}.id_of(uid);
    if (!id) throw Refusal{Reason::not_found, "there is no member " + uid};
    return *id;
}

/// Reports are files of ours with plain names: nothing else is ever opened.
bool is_report_name(const std::string& name)
{
    return !name.empty() && name.size() <= 64
        && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

} // namespace

std::vector<domain::Member> Administration::members(std::optional<std::int64_t> after, int limit)
{
    return database_.read([&](store::Session& session) { return store::MemberStore{session}.page(after, limit); });
}

MemberDetail Administration::member(const std::string& uid)
{
    return database_.read([&](store::Session& session) {
        const auto id = id_of(session, uid);
        return MemberDetail{*store::MemberStore{session}.read(id), store::PaymentMethodStore{session}.of_member(id),
            store::OrderStore{session}.page(id, std::nullopt, 100)};
    });
}

std::vector<store::Application> Administration::applications(int limit)
{
    return database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.applications(limit); });
}

domain::MemberId Administration::decide(store::Session& session, const domain::Uuid& application, bool approve, const std::string& actor)
{
    const auto member = store::PaymentMethodStore{session}.decide(application, approve, actor, clock_.now());
    if (!member) throw Refusal{Reason::not_found, "there is no application with this id to decide"};
    return *member;
}

void Administration::approve(store::Session& session, const domain::Uuid& application, std::optional<int> days, const std::string& actor)
{
    const auto member = decide(session, application, true, actor);
    store::PaymentMethodStore{session}.make_default_if_none(member, application);
    if (days) store::MemberStore{session}.set_payment_days(member, days);
    audit(session, actor, "payment_method.approve", application.text(), days ? std::to_string(*days) + " days to pay" : "");
}

void Administration::refuse(store::Session& session, const domain::Uuid& application, const std::string& actor)
{
    decide(session, application, false, actor);
    audit(session, actor, "payment_method.refuse", application.text());
}

void Administration::set_payment_days(store::Session& session, const std::string& uid, std::optional<int> days, const std::string& actor)
{
    store::MemberStore{session}.set_payment_days(id_of(session, uid), days);
    audit(session, actor, "member.payment_days", uid, days ? std::to_string(*days) + " days to pay" : "as everybody");
}

void Administration::approve_member(store::Session& session, const std::string& uid, std::optional<int> days, const std::string& actor)
{
    const auto application = store::PaymentMethodStore{session}.open_invoice(id_of(session, uid));
    if (!application || application->status != domain::PaymentMethodStatus::requested)
        throw Refusal{Reason::not_found, uid + " has not applied for payment on bill"};
    approve(session, application->uuid, days, actor);
}

void Administration::set_price(store::Session& session, const NewPrice& price, const std::string& actor)
{
    if (price.price.valid_from < clock_.today())
        throw Refusal{Reason::price_in_the_past, "a price can begin today or later, not in the past"};
    store::CatalogueStore catalogue{session};
    if (!catalogue.offer_on(price.price.valid_from, price.currency, price.sku))
        throw Refusal{Reason::unknown_product, "there is no product " + price.sku};
    if (!catalogue.add_price(price.sku, price.currency, price.price))
        throw Refusal{Reason::price_exists, price.sku + " has a price that begins on that day already"};
    audit(session, actor, "price.set", price.sku,
        std::string{domain::to_text(price.currency)} + " from " + domain::to_text(price.price.valid_from));
}

std::vector<store::JobRecord> Administration::jobs(const std::string& state, int limit)
{
    return database_.read([&](store::Session& session) { return store::JobStore{session}.list(state, limit); });
}

Administration::JobDetail Administration::job(std::int64_t id)
{
    return database_.read([&](store::Session& session) {
        const auto job = store::JobStore{session}.by_id(id);
        if (!job) throw Refusal{Reason::not_found, "there is no job " + std::to_string(id)};
        JobDetail detail{.job = *job, .machine = {}, .steps = {}};
        if (!job->kind.starts_with("machine_")) return detail;
        detail.machine = store::MachineStore{session}.by_uuid(domain::Uuid::parse(job->target).value());
        if (detail.machine) detail.steps = store::ProvisioningStore{session}.steps_of(detail.machine->uuid);
        return detail;
    });
}

void Administration::retry_job(store::Session& session, std::int64_t id, const std::string& actor)
{
    if (!store::JobStore{session}.retry(id)) throw Refusal{Reason::not_found, "there is no dead job " + std::to_string(id)};
    audit(session, actor, "job.retry", std::to_string(id));
}

std::vector<store::AuditEntry> Administration::audit_log(std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::AuditStore{session}.page(before, limit); });
}

std::vector<std::string> Administration::reports() const
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{reports_})
        if (entry.path().extension() == ".sql") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

store::Table Administration::report(const std::string& name, store::ReportArguments arguments)
{
    std::ifstream file;
    if (is_report_name(name)) file.open(reports_ + "/" + name + ".sql");
    if (!file.is_open()) throw Refusal{Reason::not_found, "there is no report of this name"};
    std::ostringstream sql;
    sql << file.rdbuf();
    arguments.today = domain::to_text(clock_.today());
    return database_.read([&](store::Session& session) { return store::run_report(session, sql.str(), arguments); });
}

void Administration::note_test_clock(store::Session& session, domain::Instant set_to, const std::string& actor)
{
    audit(session, actor, "test_clock.set", domain::to_text(set_to));
}

void Administration::audit(
    store::Session& session, const std::string& actor, const std::string& action, const std::string& subject, const std::string& detail)
{
    store::AuditStore{session}.add({.at = clock_.now(), .actor = actor, .action = action, .subject = subject, .detail = detail});
}

} // namespace service
