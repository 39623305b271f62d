namespace Strake.Images;

/// <summary>A registry answered that it cannot answer now. To whoever tries again it is what a broken connection is.</summary>
/// <param name="failure">What it is to a user, should there be no other try.</param>
/// <param name="asked">How long the registry asks to wait; null: it does not.</param>
sealed class RegistryBusyException(StrakeException failure, TimeSpan? asked) : IOException(failure.Message, failure)
{
    /// <summary>What it is to a user.</summary>
    public StrakeException Failure => failure;

    /// <summary>How long the registry asks to wait; null: it does not.</summary>
    public TimeSpan? Asked => asked;
}
