#include "service/outbox.h"

#include "domain/refusal.h"
#include "store/audit_store.h"

namespace service {

using domain::Reason;
using domain::Refusal;

std::vector<store::MailRecord> Outbox::page(std::optional<domain::MailState> state, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::OutboxStore{session}.page(state, before, limit); });
}

store::MailRecord Outbox::read(const domain::Uuid& mail)
{
    auto found = database_.read([&](store::Session& session) { return store::OutboxStore{session}.by_uuid(mail); });
    if (!found) throw Refusal{Reason::not_found, "there is no mail " + mail.text()};
    return std::move(*found);
}

void Outbox::retry(store::Session& session, const domain::Uuid& mail, const std::string& actor)
{
    store::OutboxStore outbox{session};
    const auto found = outbox.by_uuid(mail);
    if (!found) throw Refusal{Reason::not_found, "there is no mail " + mail.text()};
    if (!domain::may_be_retried(found->state) || !outbox.retry(mail, found->state))
        throw Refusal{Reason::mail_state,
            "the mail is " + std::string{domain::to_text(found->state)} + "; only refused, failed and no_address ones are tried again"};
    store::AuditStore{session}.add(
        {.at = clock_.now(), .actor = actor, .action = "mail.retry", .subject = mail.text(), .detail = found->kind + ' ' + found->about});
}

std::uint64_t Outbox::drop_before(store::Session& session, domain::Date day, const std::string& actor)
{
    const auto dropped = store::OutboxStore{session}.drop_before(domain::Instant{domain::Day{day}});
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "mail.drop",
        .subject = domain::to_text(day),
        .detail = std::to_string(dropped) + " mails queued before it"});
    return dropped;
}

} // namespace service
