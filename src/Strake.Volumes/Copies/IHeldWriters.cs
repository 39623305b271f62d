namespace Strake.Volumes;

/// <summary>Who does not write to a volume until this is disposed.</summary>
public interface IHeldWriters : IAsyncDisposable
{
    /// <summary>Their holders, as the ledger has them.</summary>
    IReadOnlySet<string> Holders { get; }
}
