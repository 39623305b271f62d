using Strake.Images;

namespace Strake.Layers.Archive;

/// <summary>A layer tar that was written.</summary>
/// <param name="DiffId">Its digest.</param>
/// <param name="TarSizeBytes">Its length.</param>
/// <param name="Usage">What its files occupy.</param>
/// <param name="Notes">What a tar cannot hold and was left out (sockets), a line each, for a log. At most 100.</param>
public sealed record WrittenLayer(DiffId DiffId, long TarSizeBytes, LayerUsage Usage, IReadOnlyList<string> Notes);
