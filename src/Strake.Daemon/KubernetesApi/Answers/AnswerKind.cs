namespace Strake.Daemon.KubernetesApi;

/// <summary>What of objects a client wants.</summary>
enum AnswerKind
{
    /// <summary>All of them.</summary>
    Object,

    /// <summary>What people look at.</summary>
    Table,

    /// <summary>Their metadata.</summary>
    Metadata,
}
