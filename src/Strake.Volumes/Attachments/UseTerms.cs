namespace Strake.Volumes;

/// <summary>What a holder's use of a volume leaves to the others.</summary>
public enum UseTerms
{
    /// <summary>Everything.</summary>
    Shared,

    /// <summary>Others may read.</summary>
    Readers,

    /// <summary>One other at a time may have it mounted.</summary>
    OneUser,
}
