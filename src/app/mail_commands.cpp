#include "app/commands.h"

#include "api/admin_mail.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/day_argument.h"
#include "app/operator.h"
#include "document/mail_message.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "service/outbox.h"

#include <CLI/CLI.hpp>

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

/// The newest 100 mails to members; `state` empty: all.
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

/// One mail, as JSON. @throws domain::Refusal not_found
void show_mail(std::ostream& out, const std::string& uuid)
{
    const auto id = uuid_from(uuid);
    Parts parts;
    out << api::json_of(parts.outbox.read(id)).dump() << '\n';
}

/// Gives mails that did not go out a new start, all or none. @throws domain::Refusal not_found, mail_state
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

/// Sets aside the mails that were queued before the day and did not go out.
void drop_mails(std::ostream& out, const std::string& before)
{
    const auto day = day_argument(before, "--before");
    Parts parts;
    std::uint64_t dropped = 0;
    parts.app.database.transact([&](store::Session& session) { dropped = parts.outbox.drop_before(session, day, operator_name()); });
    out << dropped << " mails were set aside\n";
}

/// Sends a mail to the address with the configured driver, at once. @throws std::invalid_argument if there is none,
/// domain::Unavailable saying why it does not go out now, std::runtime_error if it is refused
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

} // namespace

void add_mail_commands(CLI::App& cli, std::ostream& out)
{
    static std::string state, uuid, before, address;
    static std::vector<std::string> uuids;

    auto* mail = cli.add_subcommand("mail", "the mails to members")->require_subcommand(1);
    auto* list = mail->add_subcommand("list", "the newest 100");
    list->add_option("--state", state)->check(CLI::IsMember({"queued", "sending", "sent", "refused", "failed", "obsolete", "no_address"}));
    list->callback([&out] { list_mails(out, state); });
    auto* show = mail->add_subcommand("show", "one mail, as JSON");
    show->add_option("uuid", uuid)->required();
    show->callback([&out] { show_mail(out, uuid); });
    auto* retry = mail->add_subcommand("retry", "give mails that are refused, failed or no_address a new start");
    retry->add_option("uuid", uuids)->required();
    retry->callback([&out] { retry_mails(out, uuids); });
    auto* drop = mail->add_subcommand("drop", "set aside what was queued before a day and did not go out, as before mail is switched on");
    drop->add_option("--before", before, "the first day whose mails stay, YYYY-MM-DD")->required();
    drop->callback([&out] { drop_mails(out, before); });
    auto* test = mail->add_subcommand("test", "send a mail to an address, as [mail] says");
    test->add_option("address", address)->required();
    test->callback([&out] { send_test_mail(out, address); });
}

} // namespace app
