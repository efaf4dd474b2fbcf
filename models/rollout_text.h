// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QString>
#include <QStringList>

namespace tiphys::models {

/// The field's word for a phase.
QString statusWord(service::RolloutPhase phase);
QString explanation(service::RolloutPhase phase);

/// "40 %", "0.5 %": \p weight of \p whole.
QString percent(int weight, int whole);
/// A step as a sentence: "Send 40 % to the new version", "Wait 10 s", "Run analysis error-rate". Weights are parts of
/// \p maxWeight.
QString stepSentence(const service::RolloutStep &step, int maxWeight);
/// "10 s", "4 min", "1 h 30 min".
QString durationText(std::int64_t seconds);

/// What a line waits for, with its time: "waits 14 min for you", "goes on in 8 s", "" if for nothing.
QString waitText(const service::RolloutRow &row, service::WallTime now);
/// Why a person is needed, one sentence; "" if none is.
QString waitSentence(const service::RolloutRow &row);
/// The phase's message in words.
QString messageText(const service::RolloutRow &row);
/// What became of an act whose answer was lost; "" for none.
QString fateText(const service::RolloutRow &row);
/// "2 of 8", "" without steps.
QString stepText(const service::RolloutRow &row);
/// For a card in a tree: "step 2/8 · 20 %".
QString cardText(const service::RolloutRow &row);
/// "blue → yellow": tags alone where the repositories are the same.
QString imagesText(const service::RolloutRow &row);

/// What follows a promotion until a person is needed again: "40 %, then on its own to 100 % in about 30 s".
QString promotionText(const service::RolloutRow &row);

/// Verb of a button, and its icon.
QString actText(service::RolloutAct act, bool isBlueGreen = false);
QString actIcon(service::RolloutAct act);
/// Button of the sheet: act, target and what follows.
QString actButton(service::RolloutAct act, const service::RolloutRow &row);
/// What will happen, a sentence or two.
QString actConsequence(service::RolloutAct act, const service::RolloutRow &row);
/// What Git, Argo CD and self-heal will make of it; "" if nothing.
QString gitConsequence(service::RolloutAct act, const service::RolloutRow &row);
/// True for acts that cannot be taken back by another act.
bool isGrave(service::RolloutAct act);

/// Whether AWS has taken the weights, "" where nobody asks.
QString weightCheckText(service::WeightCheck check);

/// Lines about the analysis that counts now; "" if there is none.
QString analysisText(const service::RolloutDetail &detail, service::WallTime now);

/// Order of urgency: those that wait for a person first.
int rolloutUrgency(const service::RolloutRow &row);
/// \p tree with step and weight on the cards of Rollouts.
std::vector<service::TreeNode> withRollouts(std::vector<service::TreeNode> tree,
                                            const service::RolloutsSnapshot &rollouts, const std::string &context);

} // namespace tiphys::models
