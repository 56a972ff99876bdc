/** The address of the old platform, because software of enti has it in its configuration. */
export const SOFTWARE_PATH = '/ws/pa/PagamentiTelematiciDovutiPagati'
