// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/edited_spec.h"
#include "cli/online/commands.h"
#include "cli/online/spec_change.h"
#include "cli/online/terminal_program.h"
#include "control/requests.h"
#include "control/source_change.h"
#include "crd/application_patch.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "object/json.h"

#include <QDir>
#include <QFile>
#include <QTemporaryFile>

#include <cstdio>
#include <optional>

namespace tiphys::cli {

using object::Value;

namespace {

/// Lets the user edit \p file in this terminal. Errors: NotFound where there is no such editor, Unavailable where it failed.
Async<void> editorRun(QString file, CancelToken cancel)
{
    QStringList words = commandIn("EDITOR");
    if (words.isEmpty()) {
#if defined(_WIN32)
        words.append(QStringLiteral("notepad"));
#else
        words.append(QStringLiteral("vi"));
#endif
    }
    const std::string program = words.front().toStdString();
    words.append(file);
    const Expected<int> code = co_await programRun(words, "editor", cancel);
    if (!code)
        co_return std::unexpected(code.error());
    if (*code != 0)
        co_return failure(ErrorCode::Unavailable,
                          "editor '" + program + "' failed with exit code " + std::to_string(*code));
    co_return {};
}

/// Writes \p text to \p file, which the user edits, and gives what it has then.
Async<std::string> edited(QString file, std::string text, CancelToken cancel)
{
    {
        QFile writing(file);
        if (!writing.open(QIODevice::WriteOnly | QIODevice::Truncate)
            || writing.write(text.data(), static_cast<qint64>(text.size())) < 0 || !writing.flush())
            co_return failure(ErrorCode::Unavailable,
                              "cannot write " + file.toStdString() + ": " + writing.errorString().toStdString());
    }
    const Expected<void> ran = co_await editorRun(file, cancel);
    if (!ran)
        co_return std::unexpected(ran.error());
    QFile reading(file);
    if (!reading.open(QIODevice::ReadOnly))
        co_return failure(ErrorCode::Unavailable,
                          "cannot read " + file.toStdString() + ": " + reading.errorString().toStdString());
    co_return reading.readAll().toStdString();
}

/// True where \p file has another text than \p original beside the head that tells of a problem: somebody typed it.
bool isTyped(const QString &file, const std::string &original)
{
    QFile reading(file);
    if (!reading.open(QIODevice::ReadOnly))
        return false;
    const std::string text = reading.readAll().toStdString();
    return !isEmptySpec(text) && withProblem(text, "") != withProblem(original, "");
}

/// What the user can put right in the text itself.
bool isOfText(const Error &error)
{
    return error.code() == ErrorCode::InvalidInput;
}

/// Stores the spec that \p text says. Gives the exit code.
Async<int> specStored(OnlineSession &session, NamedApp named, std::string text, const Invocation &invocation,
                      CancelToken cancel)
{
    const Value &before = named.app.object.value();
    const Expected<Value> spec = editedSpec(text);
    if (!spec)
        co_return std::unexpected(spec.error());
    const Expected<crd::Application> after = crd::applicationOf(object::Object(before.with("spec", *spec)));
    if (!after)
        co_return std::unexpected(after.error());
    const Value patch = crd::applicationPatch(before, before.with("spec", crd::normalizedSpec(after->spec)));
    const Expected<int> code = co_await specChanged(session, named, patch, invocation, cancel);
    co_return code;
}

} // namespace

Async<int> runAppPatch(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const PatchFlags &flags = invocation.patch;
    const Expected<Value> patch = object::parseJson(flags.text);
    if (!patch)
        co_return std::unexpected(patch.error().in("--patch"));
    const Value &before = named->app.object.value();
    const Expected<crd::PatchedApplication> result =
        crd::patched(before, *patch, flags.isMerge ? crd::PatchForm::Merge : crd::PatchForm::Json);
    if (!result)
        co_return std::unexpected(result.error());
    for (const std::string &field : result->ignored)
        std::fputs(
            ("warning: " + field + " is left alone: app patch changes the spec, labels, annotations and finalizers\n")
                .c_str(),
            stderr);
    const Expected<int> code =
        co_await specChanged(session, *named, crd::applicationPatch(before, result->after), invocation, cancel);
    co_return code;
}

Async<int> runAppEdit(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    // Nobody should type for nothing.
    const Expected<service::Permission> may =
        co_await control::mayChangeSources(named->session->cluster(), named->app, cancel);
    if (!may)
        co_return std::unexpected(may.error());
    if (!may->isAllowed)
        co_return failure(ErrorCode::Denied, may->reason);
    QTemporaryFile file(QDir::tempPath() + QLatin1Char('/') + QString::fromStdString(named->id.name)
                        + QStringLiteral("-XXXXXX.yaml"));
    if (!file.open())
        co_return failure(ErrorCode::Unavailable, "cannot make a file to edit: " + file.errorString().toStdString());
    file.close();
    const std::string original = specText(named->app.spec.value, named->id.ns + "/" + named->id.name);
    std::string shown = original;
    std::optional<Error> problem;
    const auto kept = [&file](const Error &error) {
        file.setAutoRemove(false);
        // Of an interrupted command no more than that would be told.
        const Error told = error.code() == ErrorCode::Cancelled ? Error(ErrorCode::Unavailable, "interrupted") : error;
        return std::unexpected(told.in("the text is kept in " + file.fileName().toStdString()));
    };
    while (true) {
        const Expected<std::string> text = co_await edited(file.fileName(), shown, cancel);
        // An editor that fails, or is ended from outside, has often stored what was typed.
        if (!text && isTyped(file.fileName(), original))
            co_return kept(text.error());
        if (!text)
            co_return std::unexpected(text.error());
        // An editor that is a script makes the same mistake each time.
        if (problem && withProblem(*text, "") == withProblem(shown, ""))
            co_return kept(*problem);
        if (isEmptySpec(*text) || *text == shown)
            co_return failure(ErrorCode::Cancelled, "nothing was changed: the text is "
                                                        + std::string(*text == shown ? "as it was" : "empty"));
        const Expected<int> code = co_await specStored(session, *named, *text, invocation, cancel);
        if (code)
            co_return *code;
        if (!isOfText(code.error()))
            co_return kept(code.error());
        problem = code.error();
        shown = withProblem(*text, problem->text());
    }
}

Async<int> runAppConfirmDeletion(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<service::Done> asked = co_await control::requestApproval(*named->session, named->id, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    printAct(invocation, named->id, "confirmed", "deletions and prunings of " + named->id.name + " are confirmed");
    co_return 0;
}

} // namespace tiphys::cli
