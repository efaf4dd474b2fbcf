// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder.
namespace tiphys::rollout {

/// Keys and values of \p labels (or of a node selector), by key.
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (ValidateLabels)@v0.34.1
void checkLabels(const object::Value &labels, const FieldPath &path, Findings &findings);

/// A label selector; nothing to check if it is null.
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (ValidateLabelSelector)@v0.34.1
void checkLabelSelector(const object::Value &selector, const FieldPath &path, Findings &findings);

/// True if requirements can be made of \p selector: operators, and keys and values of labels are right.
/// Source: k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector)@v0.34.1
bool isUsableSelector(const object::Value &selector);

/// \p selector as Go prints it as JSON.
std::string selectorJson(const object::Value &selector);

/// Keys of labels that are taken from the pod itself.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateMatchLabelKeysAndMismatchLabelKeys)@v1.34.1
void checkMatchedKeys(const object::Value &term, const FieldPath &path, Findings &findings);

/// The same for the constraints of a topology spread, which have rules of their own.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateMatchLabelKeysInTopologySpread)@v1.34.1
void checkSpreadKeys(const object::Value &constraint, const FieldPath &path, Findings &findings);

/// Keys and size of annotations.
/// Source: k8s.io/apimachinery/pkg/api/validation/objectmeta.go (ValidateAnnotations)@v0.34.1
void checkAnnotations(const object::Value &annotations, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
