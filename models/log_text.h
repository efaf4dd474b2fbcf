// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/pod_logs.h"

#include <QString>

#include <vector>

namespace tiphys::models {

/// True for kinds whose logs are those of pods: Pod, and what makes pods.
bool hasPodLogs(const object::ObjectKey &key);

/// The pods of \p tree that are \p key or below it, in the order of the tree.
std::vector<service::TreeNode> podsBelow(const std::vector<service::TreeNode> &tree, const object::ObjectKey &key);

/// Which of \p pods is looked at first: the one in the worst health; -1 if there is none.
int firstPod(const std::vector<service::TreeNode> &pods);

/// A pod in a list to choose from: "web-5f6d-abcde · Degraded".
QString podChoiceText(const service::TreeNode &pod);

/// A container in a list to choose from: "app", "prepare · init · ended".
QString logContainerText(const service::LogContainer &container);

/// How reading stands, one or two sentences. \p request is what was asked for.
QString logStateText(const service::LogNews &news, const service::LogRequest &request, service::WallTime now);

enum class LogTimes { Shown, Hidden };

/// \p line as one line of text: without colours of terminals and characters that would break it.
QString logLineText(const service::LogLine &line, LogTimes times);

} // namespace tiphys::models
