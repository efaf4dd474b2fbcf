// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/differences.h"

#include "cli/commands.h"
#include "cli/online/terminal_program.h"

#include <QFile>
#include <QTemporaryDir>

#include <cstdio>
#include <utility>

namespace tiphys::cli {

using object::Object;

std::vector<Difference> differencesOf(const NamedApp &named, const control::Evaluation &evaluation)
{
    std::vector<Difference> differences;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (resource.status.status != crd::SyncCode::OutOfSync)
            continue;
        const Object before = resource.live.isNull() ? Object() : resource.diff.normalizedLive;
        const Object after = resource.target.isNull() ? Object() : resource.diff.predictedLive;
        const std::string name = resource.status.key().path();
        const Object live = before.isNull() && !resource.live.isNull() ? resource.live : before;
        const Object desired = after.isNull() && !resource.target.isNull() ? resource.target : after;
        const ObjectTexts texts = objectTexts(live, desired, named.session->settings().maskedAnnotations);
        differences.push_back({&resource, texts, objectPatch(texts, "live/" + name, "desired/" + name)});
    }
    return differences;
}

namespace {

std::string titleOf(const Difference &difference)
{
    return "===== " + difference.resource->status.key().text() + "\n";
}

/// Writes \p text to \p path.
Expected<void> written(const QString &path, const std::string &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0
        || !file.flush())
        return failure(ErrorCode::Unavailable,
                       "cannot write " + path.toStdString() + ": " + file.errorString().toStdString());
    return {};
}

/// Lets \p program show one of them.
Async<void> shownBy(QStringList program, Difference difference, CancelToken cancel)
{
    const QTemporaryDir folder;
    if (!folder.isValid())
        co_return failure(ErrorCode::Unavailable,
                          "cannot make a folder for files to compare: " + folder.errorString().toStdString());
    const QString desired = folder.filePath(QString::fromStdString(difference.resource->status.name));
    const QString live = desired + QStringLiteral("-live.yaml");
    for (const auto &[path, text] :
         {std::pair(live, difference.texts.before), std::pair(desired, difference.texts.after)}) {
        if (const Expected<void> done = written(path, text); !done)
            co_return std::unexpected(done.error());
    }
    program.append({live, desired});
    const Expected<int> code = co_await programRun(program, "KUBECTL_EXTERNAL_DIFF", cancel);
    if (!code)
        co_return std::unexpected(code.error());
    co_return {};
}

} // namespace

Async<void> shownDifferences(std::vector<Difference> differences, CancelToken cancel)
{
    const QStringList program = commandIn("KUBECTL_EXTERNAL_DIFF");
    if (program.isEmpty()) {
        print(differencesText(differences));
        co_return {};
    }
    for (const Difference &difference : differences) {
        print(titleOf(difference));
        flushOutput();
        const Expected<void> shown = co_await shownBy(program, difference, cancel);
        if (!shown)
            co_return std::unexpected(shown.error());
    }
    co_return {};
}

std::string differencesText(const std::vector<Difference> &differences)
{
    std::string text;
    for (const Difference &difference : differences)
        text += titleOf(difference) + difference.patch;
    return text;
}

void tellWarnings(const control::Evaluation &evaluation)
{
    for (const std::string &warning : evaluation.warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
}

} // namespace tiphys::cli
