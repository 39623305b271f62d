using System.Text.Json.Serialization;

namespace Strake.Volumes.Records;

/// <summary>Where a volume stands in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeState>))]
enum VolumeState
{
    /// <summary>The driver may have made something or not; a restart removes it.</summary>
    Creating,

    /// <summary>
    /// Answered for: the record is all of it that is sure to be there, and its driver makes the rest at its first use; a restart sees to it that it shows.
    /// </summary>
    Promised,

    /// <summary>Usable.</summary>
    Ready,

    /// <summary>Content of an image is being copied in; a restart moves in what is whole and throws away what is not.</summary>
    Filling,

    /// <summary>Being given the size that its options say; a restart goes on, or takes the size that it has.</summary>
    Resizing,

    /// <summary>A snapshot of it is being made, or put back; a restart removes what is half, and finishes what is whole.</summary>
    Copying,

    /// <summary>Being given the name of its record by the driver, which had it under another; a restart goes on.</summary>
    Renaming,

    /// <summary>In the trash, under a name that nobody gave it, until its time is over or it is restored.</summary>
    Trashed,

    /// <summary>Being removed; a restart finishes it.</summary>
    Removing,
}
