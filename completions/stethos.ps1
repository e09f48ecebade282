# Completion of stethos for PowerShell. In $PROFILE:  stethos completion powershell | Out-String | Invoke-Expression
# What may stand where is known to `stethos complete`; this hands over the words and shows the answer. Where it has none,
# PowerShell offers files by itself.

Register-ArgumentCompleter -Native -CommandName stethos -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim("'", '"') })
    stethos complete '--' @words "=$wordToComplete" 2>$null | ForEach-Object {
        $value, $description = $_ -split "`t", 2
        if ($value -notlike ':*') {
            if (-not $description) { $description = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
        }
    }
}
