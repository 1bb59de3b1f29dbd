#pragma once
#include "../api/site.h"

#include <string>
#include <vector>

// The pages as a member's browser shows them: Chromium without a window, driven over WebDriver (W3C), mostly by keys.
namespace browser {

// WebDriver's names of keys.
extern const std::string tab, enter, space, escape, arrow_down, backspace;

/// A request that the browser made.
struct Sent {
    std::string method{};
    std::string url{};
    std::string kind{}; ///< Document, Script, Stylesheet, Fetch …
    std::string body{};
    std::string headers{}; ///< as JSON
};

/// One browser with a fresh profile, which ends with it. Whatever is waited for is waited for ten seconds at most.
/// @throws std::runtime_error if the browser or its driver cannot do what is asked
class Browser {
public:
    Browser();
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// Signs in as the member; from then on the browser sends the credentials by itself.
    void sign_in(const site::Member& member);

    /// A path of the site, or a whole address. Returns when the page is loaded.
    void open(const std::string& path);
    std::string address();

    void resize(int width, int height);
    void prefer_dark(bool dark);

    /// Requests to addresses that match are not made.
    void block(const std::string& pattern);

    /// What the script returns, as text; numbers and booleans too. In a frame's document after enter_frame().
    std::string run(const std::string& script);

    /// The visible text of the element with the id.
    std::string text(const std::string& id);

    /// Waits until the script returns true. Returns false if it does not.
    bool waits_for(const std::string& condition);

    /// Waits until the element with the id says it.
    bool shows(const std::string& id, const std::string& part);

    /// Presses keys, one after the other; a text is typed.
    void press(const std::vector<std::string>& keys);

    /// Goes on with Tab until the element with the id has the focus. @throws if it is never reached
    void tab_to(const std::string& id);

    /// Waits until the element with the id has the focus.
    bool gets_focus(const std::string& id);

    void enter_frame(const std::string& selector = "iframe");
    void enter_dialog() { enter_frame("dialog iframe"); }
    void leave_frame();

    /// What the console says of errors since the last question, one a line; but for answers with these statuses.
    std::string errors(const std::vector<std::string>& expected = {});

    /// The requests since the last question.
    std::vector<Sent> requests();

    /// The page as a picture in the folder PAGES_PICTURES, if that is set: for the eyes of who changes it.
    void picture(const std::string& name);

private:
    site::Json call(const std::string& method, const std::string& path, site::Json body = {nullptr, json_decref});
    site::Json devtools(const std::string& command, json_t* parameters);
    std::string focus(); ///< the id of what has it, or its tag

    std::string session_{};
    long process_{0};
};

} // namespace browser
