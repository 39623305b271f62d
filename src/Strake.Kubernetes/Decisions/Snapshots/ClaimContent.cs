using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What a claim's new volume is filled with: exactly one of these.</summary>
public abstract record ClaimContent
{
    private ClaimContent()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Empty : ClaimContent;

    /// <summary>A snapshot.</summary>
    /// <param name="Handle">Its name at the driver.</param>
    public sealed record Snapshot(string Handle) : ClaimContent;

    /// <summary>The content of another volume.</summary>
    /// <param name="Handle">Its name at the driver.</param>
    public sealed record Volume(string Handle) : ClaimContent;

    /// <summary>Files that are put in when the driver has made an empty volume.</summary>
    /// <param name="Content">Which.</param>
    public sealed record Files(VolumeFiles Content) : ClaimContent;

    /// <summary>What a populator puts in; the driver makes an empty volume.</summary>
    /// <param name="Source">What it is told.</param>
    public sealed record Populate(ClaimDataSource Source) : ClaimContent;

    /// <summary>What cannot be had, now or ever.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record Refuse(string Reason, EventText Event) : ClaimContent;
}
