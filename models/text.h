// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "service/applications.h"

#include <QString>

#include <string_view>

namespace tiphys::models {

/// The engine's UTF-8 as Qt text, and back.
QString text(std::string_view utf8);
std::string utf8(const QString &text);

/// How long ago \p then was, without the word "ago": "14 s", "4 min", "3 h", "12 d"; "" for never.
QString ageText(service::WallTime then, service::WallTime now);
/// "4 min ago", "just now"; "" for never.
QString agoText(service::WallTime then, service::WallTime now);
/// Date and time to the second in the person's locale, for tooltips; "" for never.
QString exactTimeText(service::WallTime time);

/// A commit as 7 characters, anything else (chart version, branch, digest) as it is.
QString shortRevision(std::string_view revision);
/// Short revision and subject in one line.
QString commitText(const service::CommitSummary &commit);
/// Full revision, author and exact time, for tooltips.
QString commitTooltip(const service::CommitSummary &commit);
/// The last two parts of a repository address without ".git": "platform/config".
QString repositoryName(std::string_view url);
/// "config · apps/shop" of one source, "3 sources" of several.
QString sourceText(const std::vector<service::SourceSummary> &sources);
/// "Deployment web", with the namespace where \p outside differs from it.
QString resourceText(const object::ObjectKey &key, std::string_view outside = {});
/// Two or three letters that stand for a kind in the marks of tree and lists: "dp" for Deployment.
QString kindLetters(std::string_view kind);
/// \p message with a capital and a full stop, for banners.
QString sentence(std::string_view message);

} // namespace tiphys::models
