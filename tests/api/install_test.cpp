#include "site.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace site;
namespace fs = std::filesystem;

/// What `make install DESTDIR=… PREFIX=/opt/billing` has put there.
struct Installed {
    Installed() { shell("DESTDIR=" + folder.string() + " PREFIX=/opt/billing tools/packaging/install 2>&1"); }
    ~Installed() { fs::remove_all(folder); }
    Installed(const Installed&) = delete;
    Installed& operator=(const Installed&) = delete;

    std::string told_by(const std::string& command) const { return shell((prefix / "bin").string() + '/' + command + " 2>&1"); }

    const fs::path folder = fs::temp_directory_path() / ("uncloud-install-" + fresh_uuid());
    const fs::path prefix = folder / "opt/billing";
};

std::size_t files_in(const fs::path& folder)
{
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) files += entry.is_regular_file();
    return files;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(install, Installed)

BOOST_AUTO_TEST_CASE(the_programs_run_where_they_were_put)
{
    BOOST_TEST(told_by("uncloud --version").starts_with("uncloud 1."));
    BOOST_TEST(told_by("ovh-order --version").starts_with("ovh-order 1."));
    BOOST_TEST(told_by("uncloud --help").find("the operator's tool") != std::string::npos);
    for (const auto& entry : fs::directory_iterator{"cgi-bin"}) {
        const auto program = prefix / "lib/uncloud-billing/cgi-bin" / entry.path().stem();
        BOOST_TEST((fs::exists(program) && (fs::status(program).permissions() & fs::perms::others_exec) != fs::perms::none), program);
    }
    const auto answer = shell("UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml REQUEST_METHOD=GET PATH_INFO=/health "
        + (prefix / "lib/uncloud-billing/cgi-bin/products").string());
    BOOST_TEST(answer.starts_with("Status: 200"), answer);
}

BOOST_AUTO_TEST_CASE(all_migrations_reports_and_pages_are_there_and_the_configuration_finds_them)
{
    const auto share = prefix / "share/uncloud-billing";
    BOOST_TEST(files_in(share / "migrations") == files_in("sql/migrations"));
    BOOST_TEST(files_in(share / "reports") == files_in("sql/reports"));
    BOOST_TEST(files_in(share / "nginx") == files_in("nginx"));
    std::stringstream text;
    text << std::ifstream{prefix / "share/doc/uncloud-billing/examples/billing.toml.in"}.rdbuf();
    BOOST_TEST(text.str().find("share = \"/opt/billing/share/uncloud-billing\"\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_units_start_what_was_installed)
{
    const auto units = prefix / "lib/systemd/system";
    BOOST_TEST(fs::exists(units / "uncloud-billing@.socket"));
    std::stringstream text;
    for (const char* unit : {"uncloud-billing@.service", "uncloud-worker.service"}) text << std::ifstream{units / unit}.rdbuf();
    BOOST_TEST(text.str().find("\nExecStart=/opt/billing/lib/uncloud-billing/cgi-bin/%i\n") != std::string::npos);
    BOOST_TEST(text.str().find("\nExecStart=/opt/billing/bin/uncloud-worker\n") != std::string::npos);
    BOOST_TEST(text.str().find("@PREFIX@") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_manual_page_and_the_completion_are_where_they_are_looked_for)
{
    BOOST_TEST(fs::exists(prefix / "share/man/man1/ovh-order.1"));
    const auto completion = prefix / "share/bash-completion/completions/ovh-order";
    BOOST_TEST(shell("bash -c '. " + completion.string() + " && complete -p ovh-order'").find("_ovh_order") != std::string::npos);
    BOOST_TEST(files_in(prefix / "share/doc/uncloud-billing") >= 6u);
}

BOOST_AUTO_TEST_CASE(again_is_the_same_and_a_prefix_that_is_no_path_is_refused)
{
    const auto before = files_in(folder);
    shell("DESTDIR=" + folder.string() + " PREFIX=/opt/billing tools/packaging/install");
    BOOST_TEST(files_in(folder) == before);
    BOOST_TEST(shell("DESTDIR=" + folder.string() + " PREFIX=here tools/packaging/install 2>&1 || echo status $?").find("status 2")
        != std::string::npos);
    BOOST_TEST(shell("make --dry-run install 2>/dev/null | tail -1").find("tools/packaging/install") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
