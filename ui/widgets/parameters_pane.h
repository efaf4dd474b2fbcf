// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/source_draft.h"
#include "service/source_parameters.h"

#include <QPointer>
#include <QWidget>

#include <map>

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace tiphys::ui {

class Banner;
class ClusterWatch;
class EmptyPane;
class ParameterForm;
class ParametersDialog;
class RendererChoice;
class Settings;
class TextLabel;

/// Null where \p service knows no parameters of sources (a recorded service).
service::SourceParameters *sourceParametersOf(service::Service &service);

/// The parameters of an application's sources: shown, edited, and saved after a preview. What is not saved is kept until
/// the program ends, whatever page is shown.
class ParametersPane final : public QWidget
{
    Q_OBJECT

public:
    ParametersPane(service::Service &service, Settings &settings, QWidget *parent = nullptr);

    /// Shows \p app; nothing is asked before the pane is looked at.
    void setApplication(const service::AppId &app);
    /// The application as it is stored, as YAML: where its spec changed, the sources are read again.
    void setManifest(const std::string &manifest);
    /// The sources, or why they cannot be shown, are there.
    bool isSettled() const { return m_isSettled; }

    ParameterForm *form() const { return m_form; }
    QComboBox *sources() const { return m_sources; }
    RendererChoice *renderer() const { return m_renderer; }
    QPushButton *saveButton() const { return m_save; }
    QPushButton *discardButton() const { return m_discard; }
    Banner *banner() const { return m_banner; }
    ParametersDialog *dialog() const;

Q_SIGNALS:
    void settled();
    /// One sentence for the status bar.
    void noticed(const QString &text);
    /// What was not written after all; one sentence.
    void failed(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Work
    {
        std::map<int, models::SourceDraft> drafts; ///< by the place of the source
        int position = -1;                         ///< of the source that is shown
    };
    void build();
    void ask();
    void take(const service::SourceForms &forms);
    void showSource(int index);
    void showState();
    void askDefaults();
    void openPreview();
    models::SourceDraft *draft();

    service::Service &m_service;
    Settings &m_settings;
    service::AppId m_app;
    std::map<service::AppId, Work> m_works;
    service::SourceForms m_forms;
    std::string m_spec; ///< of the manifest that was seen last
    bool m_isAsked = false;
    bool m_isSettled = false;
    bool m_wasChangedElsewhere = false;
    int m_asked = 0;
    int m_askedDefaults = 0;
    QString m_defaultsNote;
    QPointer<ParametersDialog> m_dialog;
    ClusterWatch *m_watch;

    Banner *m_banner;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    QComboBox *m_sources;
    RendererChoice *m_renderer;
    ParameterForm *m_form;
    TextLabel *m_note;
    TextLabel *m_summary;
    QPushButton *m_discard;
    QPushButton *m_save;
};

} // namespace tiphys::ui
