#include "app/commands.h"

#include "app/app.h"
#include "store/migration_store.h"

#include <CLI/CLI.hpp>
#include <soci/soci.h>

#include <stdexcept>

namespace app {
namespace {

constexpr std::chrono::minutes patience{10};

void migrate(std::ostream& out, bool dry_run)
{
    App app{"uncloud", patience};
    store::MigrationStore migrations{app.database};
    const auto pending = migrations.pending(store::read_migrations(app.config.share + "/migrations"));
    for (const auto& migration : pending) {
        out << (dry_run ? "would apply " : "applying ") << migration.name << std::endl;
        if (!dry_run) migrations.apply(migration);
    }
    if (pending.empty()) out << "the schema is up to date at " << migrations.version() << '\n';
    if (!dry_run) app.keep_issuer();
}

void load_demo(std::ostream& out)
{
    App app{"uncloud", patience};
    if (app.config.mode != Mode::sandbox) throw std::invalid_argument{"the demo is for a sandbox; this is production"};
    for (const auto& script : store::read_migrations(app.config.share + "/demo")) {
        app.database.transact([&](store::Session& session) {
            for (const auto& statement : store::statements_of(script.text)) session.sql() << statement;
        });
        out << "loaded " << script.name << '\n';
    }
}

} // namespace

void add_schema_commands(CLI::App& cli, std::ostream& out)
{
    static bool dry_run = false;

    auto* migration = cli.add_subcommand("migrate", "bring the database's schema up to date");
    migration->add_flag("--dry-run", dry_run, "only say what would be done");
    migration->callback([&] { migrate(out, dry_run); });

    auto* demo = cli.add_subcommand("demo", "data of the sandbox")->require_subcommand(1);
    demo->add_subcommand("load", "load the demo's prices; safe to repeat")->callback([&] { load_demo(out); });
}

} // namespace app
