namespace Strake.Build;

/// <summary>What ADD takes from the network: <see cref="HttpSource"/> or <see cref="GitSource"/>. Dockerfile reference, "Adding files from URLs".</summary>
abstract record RemoteSource
{
    private protected RemoteSource()
    {
    }

    /// <summary>The address for messages and logs: without the name and password in it.</summary>
    public abstract string Shown { get; }

    /// <summary>Reads a word.</summary>
    /// <param name="word">A source of ADD, variables put in.</param>
    /// <returns>The place; null: the word is a path of the build context.</returns>
    /// <exception cref="StrakeException">Invalid: the place of a git repository with a malformed or dangerous part.</exception>
    public static RemoteSource? TryParse(string word) => GitSource.TryParse(word) ?? (RemoteSource?)HttpSource.TryParse(word);
}
