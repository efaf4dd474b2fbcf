// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

#include <span>

/// Private to the folder.
namespace tiphys::rollout {

/// One kind of volume source.
struct VolumeSource
{
    std::string_view name;
    std::string_view refusedAs; ///< the name where it is one too many; some are misspelt
    std::string_view checkedAs; ///< the name where something in it is wrong
    void (*check)(const object::Value &source, const FieldPath &path, Findings &findings);
};

/// All kinds but emptyDir, in the order in which they are looked at.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateVolumeSource)@v1.34.1
std::span<const VolumeSource> volumeSources();

/// The name of an iSCSI volume with the address of its portal.
void checkInitiatorLength(const object::Value &volume, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
