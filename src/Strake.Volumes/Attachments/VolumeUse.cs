namespace Strake.Volumes;

/// <summary>An attachment as the ledger has it.</summary>
/// <param name="Volume">The volume's name.</param>
/// <param name="Attachment">Who uses it and how.</param>
/// <param name="Since">When the use was written down.</param>
/// <param name="Mounted">Whether the user has it mounted now.</param>
public sealed record VolumeUse(string Volume, Attachment Attachment, DateTimeOffset Since, bool Mounted = false);
