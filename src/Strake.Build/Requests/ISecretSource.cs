namespace Strake.Build;

/// <summary>Asks the client for what must not be kept.</summary>
public interface ISecretSource
{
    /// <summary>A secret's bytes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The bytes; null: the client has no such secret.</returns>
    Task<byte[]?> FindSecretAsync(string id, CancellationToken cancellationToken);

    /// <summary>A socket on which the client's SSH agent answers.</summary>
    /// <param name="id">The agent's id.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The socket's path, there until the build ends; null: the client has no such agent.</returns>
    Task<string?> FindAgentAsync(string id, CancellationToken cancellationToken);
}
