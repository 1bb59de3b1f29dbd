#include "app/mail_commands.h"

#include "api/admin_mail.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
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

} // namespace app
