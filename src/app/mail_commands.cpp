#include "app/mail_commands.h"

#include "api/admin_mail.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "document/mail_message.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "service/outbox.h"

#include <stdexcept>

namespace app {
namespace {

struct Parts {
    App app{"uncloud"};
    service::Outbox outbox{app.database, *app.clock};
};

domain::Uuid uuid_from(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of a mail: " + text + "; see `uncloud mail list`"};
    return *uuid;
}

} // namespace

void list_mails(std::ostream& out, const std::string& state)
{
    Parts parts;
    store::Table table{.columns = {"uuid", "queued_at", "username", "kind", "about", "state", "attempts", "error"},
        .numeric = {false, false, false, false, false, false, true, false}};
    for (const auto& mail : parts.outbox.page(domain::mail_state_from(state), std::nullopt, 100))
        table.rows.push_back({mail.uuid.text(), domain::to_text(mail.queued_at), mail.username, mail.kind, mail.about,
            std::string{domain::to_text(mail.state)}, std::to_string(mail.attempts), mail.error});
    out << api::plain_of(table);
}

void show_mail(std::ostream& out, const std::string& uuid)
{
    const auto id = uuid_from(uuid);
    Parts parts;
    out << api::json_of(parts.outbox.read(id)).dump() << '\n';
}

void retry_mails(std::ostream& out, const std::vector<std::string>& uuids)
{
    std::vector<domain::Uuid> mails;
    for (const auto& uuid : uuids) mails.push_back(uuid_from(uuid));
    Parts parts;
    parts.app.database.transact([&](store::Session& session) {
        for (const auto& mail : mails) parts.outbox.retry(session, mail, operator_name());
    });
    for (const auto& mail : mails) out << "mail " << mail.text() << " is queued again\n";
}

void drop_mails(std::ostream& out, const std::string& before)
{
    const auto day = domain::date_from(before);
    if (!day) throw std::invalid_argument{"--before must be a day that exists, YYYY-MM-DD: " + before};
    Parts parts;
    std::uint64_t dropped = 0;
    parts.app.database.transact([&](store::Session& session) { dropped = parts.outbox.drop_before(session, *day, operator_name()); });
    out << dropped << " mails were set aside\n";
}

void send_test_mail(std::ostream& out, const std::string& address)
{
    if (!domain::is_mail_address(address)) throw std::invalid_argument{"this is no mail address: " + address};
    App app{"uncloud"};
    const auto gateway = app.mail_gateway();
    if (!gateway) throw std::invalid_argument{"mail.driver is \"none\": no mail goes out"};
    const auto& from = app.config.mail.from;
    const document::MailMessage message{.id = gateway::random_uuid(),
        .date = app.clock->now(),
        .from = from,
        .to = {"", address},
        .subject = "Test of " + app.config.base_url,
        .text = "This mail shows that mail goes out.\n",
        .html = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Test</title></head><body><p>This mail shows that mail goes "
                "out.</p></body></html>\n"};
    const auto result = gateway->send({document::message_id(message.id, from), from.address, address, document::mail_bytes(message)});
    switch (result.outcome) {
    case gateway::MailOutcome::sent: out << "sent to " << address << '\n'; return;
    case gateway::MailOutcome::refused_for_ever: throw std::runtime_error{"refused: " + result.reason};
    case gateway::MailOutcome::try_again: throw domain::Unavailable{"not sent: " + result.reason};
    case gateway::MailOutcome::unknown: throw domain::Unavailable{"perhaps sent: " + result.reason};
    }
}

} // namespace app
